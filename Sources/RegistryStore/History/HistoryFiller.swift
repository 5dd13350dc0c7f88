internal import GRDB
internal import Git
internal import Logging
internal import Registry

/// Brings the index of the history after the served branch, on a thread and through a handle of its
/// own, a slice at a time.
actor HistoryFiller {
    private nonisolated let executor = WorkThread(label: "registry-history-index")
    private let index: HistoryIndex
    private let logger: Logger
    private var kept: KeptHandle
    /// What is to be added, the next one last, up to ``planned``.
    private var plan: [ObjectID] = []
    private var planned: ObjectID?
    private var trees = TreeCache()
    private var failures = 0

    /// So long one transaction may take.
    private static let sliceSeconds = 0.2

    init(index: HistoryIndex, path: String, logger: Logger) {
        self.index = index
        kept = KeptHandle(path)
        self.logger = logger
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Adds some of what lacks up to `tip`.
    ///
    /// - Returns: whether all of it is there.
    func advance(to tip: ObjectID) -> Bool {
        do {
            let done = try add(upTo: tip)
            failures = 0
            return done
        } catch is CancellationError {
            return false
        } catch let error as DatabaseError {
            plan = []
            planned = nil
            return startAnew(error)
        } catch {
            plan = []
            planned = nil
            return giveWay(error)
        }
    }

    private func startAnew(_ error: DatabaseError) -> Bool {
        guard [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode), failures < 3 else {
            return giveWay(error)
        }
        failures += 1
        index.startAnew()
        logger.warning(
            "The index of the history was damaged and is made anew.",
            metadata: ["error": "\(error)"])
        return false
    }

    /// Tries again later what a full disk or another trouble keeps from being done.
    private func giveWay(_ error: any Error) -> Bool {
        if index.progress.problem != "\(error)" {
            logger.error(
                "The index of the history cannot be kept.", metadata: ["error": "\(error)"])
        }
        index.note {
            $0.problem = "\(error)"
            $0.isComplete = false
        }
        return true
    }

    private func add(upTo tip: ObjectID) throws -> Bool {
        let database = try index.opened()
        if plan.isEmpty, planned != tip { try makePlan(upTo: tip, database) }
        guard !plan.isEmpty else { return true }
        let started = Clock.monotonicSeconds
        var added: [ObjectID] = []
        try database.pool.write { database in
            var writer = try HistoryWriter(database)
            while let next = plan.last, Clock.monotonicSeconds - started < Self.sliceSeconds {
                added += try add(next, to: &writer, HistoryLookups(database))
                plan.removeLast()
            }
        }
        index.feed.remove(added)
        index.note {
            $0.indexed += added.count
            $0.waiting = plan.count
            $0.problem = nil
            $0.isComplete = plan.isEmpty && planned == tip
        }
        return plan.isEmpty && planned == tip
    }

    /// Finds the commits of the line that lack, and takes out those that the line has no more.
    private func makePlan(upTo tip: ObjectID, _ database: HistoryDatabase) throws {
        let handle = try opened()
        var waiting: [ObjectID] = []
        var fork: Int64 = 0
        let newest = try database.pool.read { try HistoryLookups($0).tip() }
        try database.pool.read { database in
            let lookups = HistoryLookups(database)
            var next: ObjectID? = tip
            while let id = next {
                if newest != nil, let found = try lookups.find(id), found.line != nil {
                    fork = found.seq
                    break
                }
                guard let commit = try commit(id, handle) else { break }
                waiting.append(id)
                next = commit.parents.first
                guard waiting.count % 1_000 == 0 else { continue }
                // A server that stops does not wait for the end of a long history.
                try Task.checkCancellation()
                index.note { $0.waiting = waiting.count }
            }
        }
        if let newest, newest.seq != fork {
            try database.pool.write { try HistoryWriter.cut($0, after: fork) }
        }
        let count = try database.pool.read { try HistoryLookups($0).count }
        plan = waiting
        planned = tip
        index.note {
            $0.indexed = count
            $0.waiting = waiting.count
            $0.isComplete = waiting.isEmpty
        }
    }

    /// Nil where a shallow clone ends.
    private func commit(_ id: ObjectID, _ handle: RepositoryHandle) throws -> Commit? {
        if let known = index.feed.commit(id) { return known }
        do throws(GitError) {
            return try handle.database.commit(id)
        } catch  where error.code == .notFound {
            return nil
        }
    }

    /// Adds a commit of the line, after those that came in with it.
    private func add(
        _ id: ObjectID, to writer: inout HistoryWriter, _ lookups: HistoryLookups
    ) throws -> [ObjectID] {
        let handle = try opened()
        guard let commit = try commit(id, handle) else { return [] }
        var added: [ObjectID] = []
        for parent in commit.parents.dropFirst() {
            for side in try newCommits(from: parent, lookups, handle) {
                guard let commit = try self.commit(side, handle) else { continue }
                try writer.add(item(side, commit, isOnLine: false, handle))
                added.append(side)
            }
        }
        try writer.add(item(id, commit, isOnLine: true, handle))
        return added + [id]
    }

    /// What a merged commit brings along, parents first.
    private func newCommits(
        from tip: ObjectID, _ lookups: HistoryLookups, _ handle: RepositoryHandle
    ) throws -> [ObjectID] {
        var order: [ObjectID] = []
        var seen: Set<ObjectID> = []
        var waiting: [(id: ObjectID, isLeft: Bool)] = [(tip, false)]
        while let step = waiting.popLast() {
            if step.isLeft {
                order.append(step.id)
                continue
            }
            guard seen.insert(step.id).inserted, try lookups.find(step.id) == nil,
                let commit = try commit(step.id, handle)
            else { continue }
            waiting.append((step.id, true))
            for parent in commit.parents.reversed() { waiting.append((parent, false)) }
        }
        return order
    }

    private func item(
        _ id: ObjectID, _ commit: Commit, isOnLine: Bool, _ handle: RepositoryHandle
    ) throws -> IndexedCommit {
        let changes =
            try index.feed.item(id)?.changes
            ?? handle.database.changes(of: commit, commit: { try self.commit($0, handle) }, &trees)
        return IndexedCommit(
            id: id, commit: commit,
            changes: try handle.database.historyChanges(changes, of: commit),
            isOnLine: isOnLine)
    }

    private func opened() throws(GitError) -> RepositoryHandle { try kept.opened() }
}

extension ObjectDatabase {
    /// What a commit changed by document; what a merge took as it is from another parent is marked.
    func historyChanges(
        _ changes: [TreeDifference.Change], of commit: Commit
    ) throws(GitError) -> [HistoryChange] {
        var list = try HistoryChange.list(changes, in: self)
        for id in commit.parents.dropFirst() where contains(id) {
            var trees = TreeEditor(root: try self.commit(id).tree)
            for place in list.indices where !list[place].isTaken {
                let change = list[place]
                let theirs = try trees.file(at: change.path, in: self).map { Revision($0.id) }
                if theirs == change.new { list[place] = change.taken }
            }
        }
        return list
    }

    /// What a commit changed against its first parent, read through a cache of trees.
    fileprivate func changes(
        of commit: Commit, commit parent: (ObjectID) throws -> Commit?, _ trees: inout TreeCache
    ) throws -> [TreeDifference.Change] {
        // A shallow clone lacks the parents of its oldest commits.
        let before = try commit.parents.first.flatMap { try parent($0) }?.tree
        return try TreeDifference(from: before, to: commit.tree, in: self, &trees).changes
    }
}
