internal import Git
public import Registry

extension RegistryStore {
    /// The history up to the commit that is served now.
    public nonisolated var history: RegistryHistory {
        RegistryHistory(reader: reader, served: index.committed.commit)
    }

    /// The newest commits of the served branch, newest first.
    ///
    /// - Parameters:
    ///   - path: only those that changed this file, a document's wherever it was then; nil for all.
    ///   - limit: at most this many.
    ///   - revision: the commit to begin with; nil for the newest.
    public nonisolated func history(
        of path: String?, limit: Int, from revision: Revision? = nil
    ) async throws(RegistryError) -> [HistoryEntry] {
        var query = HistoryQuery(path.map { .init(path: $0) } ?? .everything, limit: limit)
        query.tip = revision
        return try await history.page(query).steps.map(\.entry)
    }

    /// The bytes of a file as a commit has it; nil where it has none.
    public nonisolated func file(
        _ path: String, at revision: Revision
    ) async throws(RegistryError) -> [UInt8]? {
        try await reader.ask { reader in try reader.file(path, at: ObjectID(revision)) }
    }
}
