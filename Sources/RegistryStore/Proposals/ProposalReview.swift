public import Registry

/// What a proposal would do to the served branch as it is now, or what it has done.
public struct ProposalReview: Sendable {
    /// The newest of its commits, the newest first.
    public let commits: [HistoryEntry]
    /// How many commits it brings, listed or not.
    public let commitCount: Int
    public let effect: ChangePreview

    public var changes: [ChangePreview.FileChange] { effect.changes }
    public var paths: [String] { effect.paths }
    public var conflicts: [MergeConflict] { effect.conflicts }
    public var problems: [Problem] { effect.problems }
    /// The registry as it would be.
    public var preview: Snapshot { effect.snapshot }
    public var reach: ChangeReach { effect.reach }

    /// Whether the merge button works.
    public var isMergeable: Bool { conflicts.isEmpty && problems.isEmpty }
}
