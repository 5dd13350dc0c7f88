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
        // What the index has of the line, and how it goes on.
        let known = try index.read { lookups -> (line: Int64, top: Int64, newer: [ObjectID])? in
            let found = try after.map { try lookups.find($0) }
            guard found == nil || found??.line != nil else { return nil }
            let newer = try newerLine(than: lookups, upTo: tip)
            return newer.map { (found??.line ?? 0, $0.top, $0.commits) }
        }
        guard let known else { return try walkedLine(after: after, upTo: tip, limit: limit) }
        guard known.line <= known.top else { return nil }
        let indexed = try index.read { lookups in
            try lookups.line(after: known.line, upTo: known.top, limit: limit)
        }
        guard let indexed else { return nil }
        return indexed + known.newer.prefix(limit - indexed.count)
    }

    /// The commits of the line that the index lacks, oldest first, and its place where it has the
    /// rest; nil where it has none of it.
    private func newerLine(
        than lookups: HistoryLookups, upTo tip: ObjectID
    ) throws -> (top: Int64, commits: [ObjectID])? {
        var top: Int64?
        let commits = try opened().repository.firstParents(of: tip, limit: Self.newerLimit) { id in
            top = try lookups.find(id)?.line
            return top == nil
        }
        return top.map { ($0, commits.reversed()) }
    }

    /// So many commits may come while the index is filled before a walk is as good.
    private static let newerLimit = 20_000

    private func walkedLine(
        after: ObjectID?, upTo tip: ObjectID, limit: Int
    ) throws -> [ObjectID]? {
        var isMet = false
        let line = try opened().repository.firstParents(of: tip) { id in
            isMet = id == after
            return !isMet
        }
        guard after == nil || isMet else { return nil }
        return Array(line.reversed().prefix(limit))
    }

    func lineCommit(containing commit: ObjectID, upTo tip: ObjectID) throws -> ObjectID? {
        let known = try index.read { lookups in
            try lookups.find(commit).flatMap { try lookups.lineCommit(containing: $0.seq) }
        }
        if let known { return known }
        let handle = try opened()
        guard handle.database.contains(commit),
            try handle.repository.isAncestor(commit, of: tip)
        else { return nil }
        let line = try handle.repository.firstParents(of: tip) { $0 != commit }
        // Newest first; those that have it come before those that do not.
        var (first, end) = (0, line.count)
        while end - first > 1 {
            let middle = (first + end) / 2
            if try handle.repository.isAncestor(commit, of: line[middle]) {
                first = middle
            } else {
                end = middle
            }
        }
        guard !line.isEmpty,
            try handle.repository.firstParents(of: line[first], limit: 2).last != commit
        else { return commit }
        return line[first]
    }
}
