internal import Git
public import Registry

/// The history of a registry, to be asked: that of a running server, or what a command reads.
public struct RegistryHistory: Sendable {
    let reader: HistoryReader
    /// The newest commit of the served branch; nil in a registry without one.
    public let served: Revision?

    init(reader: HistoryReader, served: Revision?) {
        self.reader = reader
        self.served = served
    }

    /// Reads the history of a registry, whether a server runs for it or not.
    ///
    /// An index that a server has left there is used as it is.
    public init(of directory: String) throws(StoreOpeningError) {
        do {
            let repository = try Repository(opening: directory)
            let places = try StorePlaces(of: repository, state: nil)
            let branch = try OpenedRepository.servedBranch(of: repository, path: directory)
            reader = HistoryReader(
                index: HistoryIndex(reading: places), places: places, renewals: Renewals(places),
                walkLimit: Self.walkLimit)
            served = try repository.target(of: branch).map { Revision($0) }
        } catch let error as StoreOpeningError {
            throw error
        } catch let error as GitError {
            throw StoreOpeningError(error, path: directory)
        } catch {
            throw .failed(path: directory, reason: "\(error)")
        }
    }

    /// So many commits a command looks at where no index has them.
    private static let walkLimit = 50_000

    /// A page of the history.
    ///
    /// - Throws: ``RegistryError/unknownRevision(_:)`` where the page before is none of this history.
    public func page(_ query: HistoryQuery) async throws(RegistryError) -> HistoryPage {
        guard let served else { return HistoryPage() }
        return try await reader.ask { reader in try reader.page(query, served: ObjectID(served)) }
    }

    /// What a change did, field by field and line by line.
    public func difference(
        of change: HistoryChange
    ) async throws(RegistryError) -> DocumentDifference {
        try await reader.ask { reader in try reader.difference(of: change) }
    }

    /// What each of some changes did.
    public func differences(
        of changes: [HistoryChange]
    ) async throws(RegistryError) -> [DocumentDifference] {
        try await reader.ask { reader in try changes.map { try reader.difference(of: $0) } }
    }

    /// The commit that a name leads to, as `?at=` takes it; `proposal:7` is what was proposed.
    ///
    /// - Throws: ``RegistryError/unknownRevision(_:)`` for a name that leads nowhere.
    public func commit(named name: String) async throws(RegistryError) -> Revision {
        let served = served
        return try await reader.ask { reader in
            guard let served, let found = try reader.commit(named: name, served: ObjectID(served))
            else { throw RegistryError.unknownRevision(name) }
            return Revision(found)
        }
    }

    /// One commit of the history.
    ///
    /// - Parameters:
    ///   - name: as ``commit(named:)`` takes it.
    ///   - after: the last path of the page before.
    ///   - limit: changes of a page.
    public func details(
        of name: String, after: String? = nil, limit: Int = 50
    ) async throws(RegistryError) -> CommitDetails {
        let id = try await commit(named: name)
        return try await reader.ask { reader in
            try reader.details(of: ObjectID(id), after: after, limit: limit)
        }
    }

    /// Compares two states of the registry; `proposal:7` is the served branch with it merged.
    ///
    /// - Throws: ``RegistryError/unknownRevision(_:)`` for a name that leads nowhere.
    public func compare(
        _ query: ComparisonQuery
    ) async throws(RegistryError) -> RevisionComparison {
        let served = served
        return try await reader.ask { reader in
            guard let served else { throw RegistryError.unknownRevision(query.from) }
            return try reader.compare(query, served: ObjectID(served))
        }
    }

    /// Tells where each part of a document comes from; uncommitted edits are left out.
    ///
    /// - Parameter revision: the state to look at; nil for the served one.
    /// - Throws: ``RegistryError/unknown(_:)`` where that state has no such document.
    public func blame(
        _ key: DocumentKey, at revision: Revision? = nil
    ) async throws(RegistryError) -> BlamedDocument {
        guard let served else { throw .unknown(key) }
        return try await reader.ask { reader in
            try reader.blame(key, at: ObjectID(revision ?? served), served: ObjectID(served))
        }
    }
}

extension HistoryReader {
    /// Asks on the history's own thread.
    nonisolated func ask<Answer: Sendable>(
        _ question: @Sendable (isolated HistoryReader) throws -> Answer
    ) async throws(RegistryError) -> Answer {
        do {
            return try await question(self)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw .storage(reason: "\(error)")
        }
    }
}
