internal import Git
internal import Registry

/// Reads commits on a thread and through a handle of its own, so that nobody waits for it.
actor HistoryReader {
    private nonisolated let executor = SerialQueueExecutor(label: "registry-history")
    nonisolated let index: HistoryIndex
    let renewals: Renewals
    private var kept: KeptHandle

    /// The last few, for their next page.
    var comparisons: [Comparison] = []
    /// The last long one.
    var knownActivity: KnownActivity?

    /// So many commits are looked at that the index does not have.
    let walkLimit: Int

    init(index: HistoryIndex, places: StorePlaces, renewals: Renewals, walkLimit: Int = 2_000) {
        self.index = index
        self.renewals = renewals
        kept = KeptHandle(places.gitDirectory)
        self.walkLimit = walkLimit
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    func opened() throws(GitError) -> RepositoryHandle { try kept.opened() }

    /// The bytes of a file in a commit, a document's wherever it was then; nil where it has none.
    func file(_ path: String, at commit: ObjectID) throws -> [UInt8]? {
        let handle = try opened()
        let tree = try handle.database.commit(commit).tree
        let places = DocumentPlaces(ofPath: path)
        guard let id = try places.file(in: tree, of: handle.database)?.id else { return nil }
        return try handle.database.read(id, as: .blob)
    }

    func bytes(_ blob: Revision?) throws -> [UInt8]? {
        let handle = try opened()
        return try blob.map { try handle.database.read(ObjectID($0), as: .blob) }
    }

    func entry(_ id: ObjectID) throws -> HistoryEntry {
        HistoryEntry(id, try opened().database.commit(id))
    }
}
