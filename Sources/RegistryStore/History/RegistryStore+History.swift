internal import Git
public import Registry

extension RegistryStore {
    /// A page of the history.
    ///
    /// - Throws: ``RegistryError/unknownRevision(_:)`` where the page before is none of this history.
    public nonisolated func history(
        _ query: HistoryQuery
    ) async throws(RegistryError) -> HistoryPage {
        guard let served = index.committed.commit else { return HistoryPage() }
        return try await ask { reader in try reader.page(query, served: ObjectID(served)) }
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
        return try await history(query).steps.map(\.entry)
    }

    /// The bytes of a file as a commit has it; nil where it has none.
    public nonisolated func file(
        _ path: String, at revision: Revision
    ) async throws(RegistryError) -> [UInt8]? {
        try await ask { reader in try reader.file(path, at: ObjectID(revision)) }
    }

    /// What a change did, field by field and line by line.
    public nonisolated func difference(
        of change: HistoryChange
    ) async throws(RegistryError) -> DocumentDifference {
        try await ask { reader in
            DocumentDifference(
                path: change.path, old: try reader.bytes(change.old),
                new: try reader.bytes(change.new))
        }
    }

    /// Asks on the history's own thread.
    nonisolated func ask<Answer: Sendable>(
        _ question: @Sendable (isolated HistoryReader) throws -> Answer
    ) async throws(RegistryError) -> Answer {
        do {
            return try await question(reader)
        } catch {
            throw storageError(error)
        }
    }
}
