public import Registry

/// What a proposal would do to the served branch as it is now, or what it has done.
public struct ProposalReview: Sendable {
    /// The newest of its commits, the newest first.
    public private(set) var commits: [HistoryEntry]
    /// How many commits it brings, listed or not.
    public private(set) var commitCount: Int
    public private(set) var effect: ChangePreview
    /// Whether the merge button works.
    public let isMergeable: Bool
    /// Whether something is left out of it, as its reader may not see it.
    public private(set) var isPartial = false

    init(commits: [HistoryEntry], commitCount: Int, effect: ChangePreview) {
        self.commits = commits
        self.commitCount = commitCount
        self.effect = effect
        isMergeable = effect.conflicts.isEmpty && effect.problems.isEmpty
    }

    public var changes: [ChangePreview.FileChange] { effect.changes }
    public var paths: [String] { effect.paths }
    public var conflicts: [MergeConflict] { effect.conflicts }
    public var problems: [Problem] { effect.problems }
    /// The registry as it would be.
    public var preview: Snapshot { effect.snapshot }
    public var reach: ChangeReach { effect.reach }

    /// What of it somebody may see who may not read everything.
    ///
    /// - Parameters:
    ///   - email: of the author whose commits are listed; what others call theirs may tell of anything.
    ///   - mayRead: judges a document; files that are none are left out.
    public func part(by email: String, where mayRead: (DocumentKey) -> Bool) -> ProposalReview {
        var part = self
        part.effect = effect.part(where: mayRead)
        part.commits = commits.filter { $0.author.email == email }
        let hasAllCommits = part.commits.count == commits.count
        if !hasAllCommits { part.commitCount = part.commits.count }
        part.isPartial = !hasAllCommits || !part.effect.hasAll(of: effect)
        return part
    }
}
