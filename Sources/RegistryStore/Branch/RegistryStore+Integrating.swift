internal import Git
public import Registry

/// How a commit that was made elsewhere is to be taken into the served branch.
public struct TakenIn: Sendable {
    /// What the merge commit says, where one is made.
    public var author: Author
    public var subject: String
    public var body: String?
    public var trailers: [Trailer]
    /// What a person has decided where both sides changed one place.
    public var choices = MergeChoices()
    /// Makes a merge commit also where the branch could just move on.
    public var alwaysMerges = false
    /// Takes in what can be joined and keeps our side of the rest; else nothing is taken in.
    public var keepsOurs = false
    /// Takes in also what makes a document invalid; its last good version is served then.
    public var allowsErrors = false
    /// Asked on the writer whether these files may change so; what it throws refuses all of it.
    public var judge: PathJudge?
    /// A commit of what both sides have in common, where that is more than their histories say.
    var base: Revision?

    public init(
        author: Author, subject: String, body: String? = nil, trailers: [Trailer] = []
    ) {
        self.author = author
        self.subject = subject
        self.body = body
        self.trailers = trailers
    }
}

extension TakenIn {
    /// The commit that joins, with these parents.
    func commit(of tree: ObjectID, parents: [ObjectID]) -> Commit {
        CommitMessage(
            subject: subject, body: body, trailers: trailers, author: author,
            seconds: Clock.seconds
        ).commit(tree: tree, parents: parents)
    }
}

/// What became of a commit that was to be taken in.
public enum Integration: Hashable, Sendable {
    /// The served branch has it already.
    case upToDate
    /// The served branch rested on it and has moved there.
    case fastForwarded(to: Revision)
    /// A merge commit joins both; of the conflicts our side was kept.
    case merged(Revision, conflicts: [MergeConflict])
    /// Nothing has happened: both sides changed the same places, or the result breaks rules.
    case refused(conflicts: [MergeConflict], problems: [Problem])
}

extension RegistryStore {
    /// Takes a commit of the repository into the served branch.
    ///
    /// When this returns the branch, the files and ``index`` have it, durably.
    ///
    /// - Throws: ``RegistryError`` when nothing can be written now, when a changed file has a
    ///   person's uncommitted edit, or when the histories have nothing in common.
    public func takeIn(
        _ commit: Revision, as way: TakenIn
    ) throws(RegistryError) -> Integration {
        let done = try integrate(commit, as: way)
        noteMergedProposals()
        return done
    }

    /// The same, for those who look after the proposals themselves.
    func integrate(_ commit: Revision, as way: TakenIn) throws(RegistryError) -> Integration {
        settleFiles()
        try requireWritable()
        try requireNotPurged(ObjectID(commit))
        return try againWhenMoved { () throws(RegistryError) in
            try takeInOnce(ObjectID(commit), way)
        }
    }

    /// - Throws: ``RegistryError/purged(commit:)`` where a commit would bring purged ones back.
    func requireNotPurged(_ commit: ObjectID) throws(RegistryError) {
        guard !renewals.isEmpty else { return }
        let new: [ObjectID]
        do throws(GitError) {
            new = try repository.commits(from: commit, hiding: [tip].compactMap(\.self))
        } catch {
            throw storageError(error)
        }
        guard let old = new.first(where: { renewals.new(of: $0) != nil }) else { return }
        throw .purged(commit: "\(old)")
    }

    /// People's git may move the branch between our look and our move: then it is decided again.
    ///
    /// - Parameter decide: gives nil when that has happened.
    func againWhenMoved<Done>(
        _ decide: () throws(RegistryError) -> Done?
    ) throws(RegistryError) -> Done {
        for _ in 0..<5 {
            if let done = try decide() { return done }
            try lookAtBranch()
        }
        throw .busy(reason: "\(branch) is moved by another git process; try again")
    }

    /// - Returns: nil when the branch was moved by somebody else meanwhile.
    private func takeInOnce(
        _ commit: ObjectID, _ way: TakenIn
    ) throws(RegistryError) -> Integration? {
        guard let tip else { throw .busy(reason: "\(branch) has no commit yet") }
        do {
            guard
                let plan = try MergePlan(
                    taking: commit, into: tip, choices: way.choices,
                    since: way.base.map { ObjectID($0) }, of: repository, database)
            else { throw RegistryError.unrelated(commit: "\(commit)", branch: report.branch) }
            if plan.isContained { return .upToDate }
            // Conflicts say what documents hold.
            try way.judge?(plan.changes.map(\.path) + plan.conflicts.map(\.path), committed)
            if !way.keepsOurs, !plan.conflicts.isEmpty {
                return .refused(conflicts: plan.conflicts, problems: [])
            }
            if let path = firstUncommittedPath(of: plan.result) {
                throw RegistryError.uncommittedEdit(path: path)
            }
            if !way.allowsErrors {
                let errors = try plan.applied(to: committed, database).newErrors(since: committed)
                guard errors.isEmpty else { return .refused(conflicts: [], problems: errors) }
            }
            if plan.isDescendant, !way.alwaysMerges {
                guard try moveBranch(from: tip, to: commit, storing: []) else { return nil }
                try adopt(commit, origin: .elsewhere)
                return .fastForwarded(to: Revision(commit))
            }
            return try commitMerge(plan, way)
        } catch {
            throw storageError(error)
        }
    }

    private func commitMerge(_ plan: MergePlan, _ way: TakenIn) throws(RegistryError)
        -> Integration?
    {
        let commit = signed(way.commit(of: plan.root, parents: [plan.ours, plan.theirs]))
        let objects = plan.objects + [NewObject(commit)]
        guard try moveBranch(from: plan.ours, to: commit.id, storing: objects) else { return nil }
        try adopt(commit.id, origin: .elsewhere)
        return .merged(Revision(commit.id), conflicts: plan.conflicts)
    }

    /// The first changed file that a person is editing in the working tree.
    func firstUncommittedPath(of plan: PlannedTree) -> String? {
        let removed = Set(plan.changes.filter { $0.new == nil }.map { FilePath($0.path) })
        return plan.changes.first { change in
            // Where a file becomes a folder, the file is looked at.
            let isBelowRemoved = change.path.indices.contains { place in
                change.path[place] == "/"
                    && removed.contains(FilePath(String(change.path[..<place])))
            }
            return !isBelowRemoved && isPersonsEdit(change.path, over: change.old?.id)
        }?.path
    }
}
