internal import Git
internal import Registry
internal import Synchronization

/// Makes the registry of other commits than the served one, on a thread of its own: one at a time,
/// the last few kept.
actor SnapshotReader {
    private nonisolated let executor = SerialQueueExecutor(label: "registry-snapshots")
    private let cache: DerivedCache
    private let waiting = Mutex(0)
    private var kept: KeptHandle
    private var snapshots: [(commit: ObjectID, snapshot: Snapshot)] = []
    private var reviews: [(key: ReviewKey, review: ProposalReview)] = []

    private struct ReviewKey: Hashable {
        let ours: ObjectID
        let head: ObjectID
    }

    /// So many are kept, and so many requests may wait.
    private static let limit = 4
    private static let waitingLimit = 16
    /// More than a person reads on one page.
    static let commitLimit = 250

    init(places: StorePlaces, cache: DerivedCache) {
        kept = KeptHandle(places.gitDirectory)
        self.cache = cache
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Runs `work` here, unless too many wait for that already.
    nonisolated func perform<Result: Sendable>(
        _ work: @Sendable (isolated SnapshotReader) throws -> Result
    ) async throws(RegistryError) -> Result {
        let isFull = waiting.withLock { waiting in
            guard waiting < Self.waitingLimit else { return true }
            waiting += 1
            return false
        }
        guard !isFull else { throw .busy(reason: "Too many requests ask for other commits.") }
        defer { waiting.withLock { $0 -= 1 } }
        do {
            return try await work(self)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw .storage(reason: "\(error)")
        }
    }

    func opened() throws(GitError) -> RepositoryHandle { try kept.opened() }

    /// The registry at a commit, made from that of `served`, which is nearly the same.
    func snapshot(of commit: ObjectID, near served: Snapshot) throws -> Snapshot {
        if served.commit == Revision(commit) { return served }
        if let known = snapshots.first(where: { $0.commit == commit }) { return known.snapshot }
        let handle = try opened()
        let near = try SnapshotLoader.snapshot(
            of: commit, from: served, in: handle.repository, handle.database)
        let made =
            try near
            ?? SnapshotLoader.snapshot(
                of: commit, in: handle.repository, handle.database, fallback: served.settings,
                cache: cache)
        snapshots.append((commit, made))
        if snapshots.count > Self.limit { snapshots.removeFirst() }
        return made
    }

    /// What taking in `head` would do to the registry of `served`.
    ///
    /// - Parameter merged: the merge commit, where that has happened.
    func review(
        of head: ObjectID, into served: Snapshot, merged: ObjectID? = nil
    ) throws -> ProposalReview {
        let handle = try opened()
        guard let tip = served.commit else {
            throw RegistryError.busy(reason: "The served branch has no commit yet.")
        }
        var before = served
        var theirs = head
        if let merged {
            let commit = try handle.database.commit(merged)
            guard let parent = commit.parents.first else {
                throw RegistryError.unrelated(commit: "\(head)", branch: "\(tip)")
            }
            before = try snapshot(of: parent, near: served)
            theirs = merged
        }
        let ours = ObjectID(before.commit ?? tip)
        let key = ReviewKey(ours: ours, head: theirs)
        if let known = reviews.first(where: { $0.key == key }) { return known.review }
        guard
            let plan = try MergePlan(
                taking: theirs, into: ours, of: handle.repository, handle.database)
        else { throw RegistryError.unrelated(commit: "\(head)", branch: "\(tip)") }
        let review = try review(plan, of: head, before, handle)
        reviews.append((key, review))
        if reviews.count > Self.limit { reviews.removeFirst() }
        return review
    }

    private func review(
        _ plan: MergePlan, of head: ObjectID, _ before: Snapshot, _ handle: RepositoryHandle
    ) throws -> ProposalReview {
        let commits = try handle.repository.commits(from: head, hiding: [plan.ours])
        let entries = try commits.prefix(Self.commitLimit).map { id in
            HistoryEntry(id, try handle.database.commit(id))
        }
        return ProposalReview(
            commits: entries, commitCount: commits.count,
            effect: try ChangePreview(
                plan.result, reaching: Revision(plan.theirs), after: before, handle.database))
    }
}
