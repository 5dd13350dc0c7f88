internal import Git
public import Registry

/// Where somebody is who follows the served branch.
public enum EventPosition: Hashable, Sendable {
    /// Before the first commit.
    case start
    /// Behind this commit, which may be any that the branch has, or had merged.
    case after(Revision)
}

extension RegistryStore {
    /// The next events behind a position, oldest first; none where there is nothing newer.
    ///
    /// A commit that is no step of the branch itself, because it came in by a merge or was taken
    /// back, is followed by one event with all that lies between it and the branch.
    /// - Throws: ``RegistryError/unknownRevision(_:)`` for a commit that the registry does not have.
    public nonisolated func events(
        _ position: EventPosition, limit: Int
    ) async throws(RegistryError) -> [CommitEvent] {
        guard index.committed.commit != nil else { return [] }
        switch position {
        case .start:
            return try await events(of: try await line(after: nil, limit: limit) ?? [])
        case .after(let given):
            // Who has followed the history from before a purge goes on in the new one.
            let revision = renewals.new(of: ObjectID(given)).map { Revision($0) } ?? given
            if index.committed.commit == revision { return [] }
            if let line = try await line(after: revision, limit: limit) {
                return try await events(of: line)
            }
            return [try await returnToLine(from: revision)]
        }
    }

    /// The bytes of a document's content by its blob; nil where the repository has none of that id.
    public nonisolated func content(
        of blob: Revision
    ) async throws(RegistryError) -> [UInt8]? {
        do throws(GitError) {
            return try await events.content(ObjectID(blob))
        } catch {
            throw .storage(reason: error.description)
        }
    }

    private nonisolated func events(
        of line: [Revision]
    ) async throws(RegistryError) -> [CommitEvent] {
        var found: [CommitEvent] = []
        do throws(GitError) {
            for revision in line { found.append(try await events.event(of: ObjectID(revision))) }
        } catch {
            throw .storage(reason: error.description)
        }
        return found
    }

    private nonisolated func returnToLine(
        from revision: Revision
    ) async throws(RegistryError) -> CommitEvent {
        guard let target = try await lineCommit(containing: revision) ?? index.committed.commit
        else { throw .unknownRevision("\(revision)") }
        do throws(GitError) {
            return try await events.event(of: ObjectID(target), from: ObjectID(revision))
        } catch {
            guard error.code != .notFound else { throw .unknownRevision("\(revision)") }
            throw .storage(reason: error.description)
        }
    }
}
