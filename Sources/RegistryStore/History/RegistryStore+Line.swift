internal import Git
public import Registry

extension RegistryStore {
    /// The commits of the served line after a commit, oldest first: what has happened since then.
    ///
    /// The line is the newest served commit, its first parent, that one's first parent, and so on:
    /// every state that was served, and none of what came in by merges.
    ///
    /// - Parameters:
    ///   - after: a commit of the line; nil begins with the oldest.
    ///   - limit: at most this many.
    /// - Returns: nil where `after` is not on the line: see ``lineCommit(containing:)``.
    public nonisolated func line(
        after: Revision?, limit: Int
    ) async throws(RegistryError) -> [Revision]? {
        guard let tip = index.committed.commit else { return after == nil ? [] : nil }
        do {
            return try await reader.line(
                after: after.map { ObjectID($0) }, upTo: ObjectID(tip), limit: limit
            )?.map { Revision($0) }
        } catch {
            throw storageError(error)
        }
    }

    /// The oldest commit of the served line that has a commit among its ancestors, or is it: when
    /// that commit came to be served.
    ///
    /// - Returns: nil where the line does not have it.
    public nonisolated func lineCommit(
        containing commit: Revision
    ) async throws(RegistryError) -> Revision? {
        guard let tip = index.committed.commit else { return nil }
        do {
            return try await reader.lineCommit(containing: ObjectID(commit), upTo: ObjectID(tip))
                .map { Revision($0) }
        } catch {
            throw storageError(error)
        }
    }
}

extension HistoryReader {
    func line(
        after: ObjectID?, upTo tip: ObjectID, limit: Int
    ) throws -> [ObjectID]? {
        guard after != tip else { return [] }
        let line = try opened().repository.firstParents(of: tip, until: after)
        guard after == nil || line.isCut else { return nil }
        return Array(line.commits.reversed().prefix(limit))
    }

    func lineCommit(containing commit: ObjectID, upTo tip: ObjectID) throws -> ObjectID? {
        let handle = try opened()
        guard handle.database.contains(commit),
            try handle.repository.isAncestor(commit, of: tip)
        else { return nil }
        let line = try handle.repository.firstParents(of: tip, until: commit)
        if line.isCut { return commit }
        // Newest first; those that have it come before those that do not.
        var (first, end) = (0, line.commits.count)
        while end - first > 1 {
            let middle = (first + end) / 2
            if try handle.repository.isAncestor(commit, of: line.commits[middle]) {
                first = middle
            } else {
                end = middle
            }
        }
        return line.commits.isEmpty ? nil : line.commits[first]
    }
}
