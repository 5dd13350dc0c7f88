internal import Git
public import Registry

/// Reads commits on a thread and through a handle of its own, so that nobody waits for it.
actor HistoryReader {
    private nonisolated let executor = SerialQueueExecutor(label: "registry-history")
    /// The newest commits of each path.
    nonisolated let log = ChangeLog()
    private let path: String
    /// Opened at the first question.
    private var handle: RepositoryHandle?

    /// How many commits are looked at for one answer while ``log`` is being filled.
    private static let searchLimit = 2_000
    /// How many commits ``log`` is filled from at the start.
    private static let logLimit = 200_000

    init(path: String) { self.path = path }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// The newest commits up to `tip`, newest first.
    ///
    /// - Parameter file: only those that changed the document at this path, wherever it was then,
    ///   or this file.
    func history(
        to tip: ObjectID, of file: String?, limit: Int, isServed: Bool = true
    ) throws(GitError) -> [HistoryEntry] {
        let handle = try opened()
        guard let file else {
            return try handle.repository.commits(from: tip, limit: limit)
                .map { id throws(GitError) in try entry(id, handle) }
        }
        if isServed, let commits = try logged(file, limit: limit, handle) {
            return try commits.map { id throws(GitError) in try entry(id, handle) }
        }
        var found: [HistoryEntry] = []
        for id in try handle.repository.commits(from: tip, limit: Self.searchLimit) {
            guard try Self.isChange(id, of: file, handle) else { continue }
            found.append(try entry(id, handle))
            if found.count == limit { break }
        }
        return found
    }

    /// The newest commits of a file by ``log``; nil while it may lack some.
    private func logged(
        _ file: String, limit: Int, _ handle: RepositoryHandle
    ) throws(GitError) -> [ObjectID]? {
        let isComplete = log.isComplete
        var found: [ObjectID] = []
        for candidate in log.candidates(for: file) {
            guard found.count < limit else { break }
            if candidate.isBulk {
                guard try Self.isChange(candidate.commit, of: file, handle) else { continue }
            }
            found.append(candidate.commit)
        }
        return isComplete || found.count >= limit ? found : nil
    }

    /// Whether a commit has another version of a file than its first parent; one that only moves
    /// it has not.
    private static func isChange(
        _ id: ObjectID, of file: String, _ handle: RepositoryHandle
    ) throws(GitError) -> Bool {
        let commit = try handle.database.commit(id)
        // A shallow clone lacks the parents of its oldest commits.
        let parent = commit.parents.first.flatMap { handle.database.contains($0) ? $0 : nil }
        let before = try parent.map { id throws(GitError) in try handle.database.commit(id).tree }
        return try entry(at: file, in: commit.tree, handle) != entry(at: file, in: before, handle)
    }

    /// Fills ``log`` with the commits up to `tip`, a few at a time so that questions get between.
    nonisolated func fillLog(to tip: ObjectID) async throws(GitError) {
        let commits = try await commits(to: tip)
        var rest = commits[...]
        while !rest.isEmpty, !Task.isCancelled {
            try await addToLog(rest.prefix(50))
            rest = rest.dropFirst(50)
        }
        if rest.isEmpty, commits.count < Self.logLimit { log.finish() }
    }

    private func commits(to tip: ObjectID) throws(GitError) -> [ObjectID] {
        try opened().repository.commits(from: tip, limit: Self.logLimit)
    }

    private func addToLog(_ commits: ArraySlice<ObjectID>) throws(GitError) {
        for id in commits { try addToLog(id) }
    }

    private func addToLog(_ id: ObjectID) throws(GitError) {
        let handle = try opened()
        let commit = try handle.database.commit(id)
        let changes = try handle.database.changes(of: commit, limit: ChangeLog.pathLimit)
        log.addOldest(id, changes?.pathsOfNewContent)
    }

    /// The bytes of a file in a commit, a document's wherever it was then; nil where it has none.
    func file(_ path: String, at commit: ObjectID) throws(GitError) -> [UInt8]? {
        let handle = try opened()
        let tree = try handle.database.commit(commit).tree
        guard let id = try Self.entry(at: path, in: tree, handle)?.id else { return nil }
        return try handle.database.read(id, as: .blob)
    }

    func opened() throws(GitError) -> RepositoryHandle {
        if let handle, !handle.isOld { return handle }
        let made = try RepositoryHandle(path)
        handle = made
        return made
    }

    private func entry(_ id: ObjectID, _ handle: RepositoryHandle) throws(GitError) -> HistoryEntry
    {
        HistoryEntry(id, try handle.database.commit(id))
    }

    private static func entry(
        at path: String, in tree: ObjectID?, _ handle: RepositoryHandle
    ) throws(GitError) -> TreeEditor.File? {
        guard let tree else { return nil }
        return try DocumentPlaces(ofPath: path).file(in: tree, of: handle.database)
    }
}

extension RegistryStore {
    /// The newest commits of the served branch, newest first.
    ///
    /// - Parameters:
    ///   - path: only those that changed this file, a document's wherever it was then; nil for all.
    ///   - limit: at most this many.
    ///   - revision: the commit to begin with; nil for the newest.
    public nonisolated func history(
        of path: String?, limit: Int, from revision: Revision? = nil
    ) async throws(RegistryError) -> [HistoryEntry] {
        let served = index.committed.commit
        guard let tip = revision ?? served else { return [] }
        do throws(GitError) {
            return try await reader.history(
                to: ObjectID(tip), of: path, limit: limit, isServed: tip == served)
        } catch {
            throw .storage(reason: error.description)
        }
    }

    /// The bytes of a file as a commit has it; nil where it has none.
    public nonisolated func file(
        _ path: String, at revision: Revision
    ) async throws(RegistryError) -> [UInt8]? {
        do throws(GitError) {
            return try await reader.file(path, at: ObjectID(revision))
        } catch {
            throw .storage(reason: error.description)
        }
    }
}
