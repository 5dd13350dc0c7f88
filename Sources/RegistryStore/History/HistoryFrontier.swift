internal import Git
internal import Registry

/// A commit and all of its ancestors: a range of the index, and what the index does not have of it
/// as a range.
struct HistoryFrontier {
    /// Newest first; not in the range.
    var pending: [ObjectID] = []
    /// The newest number of the range; 0 where the index has none of it.
    var top: Int64 = 0
    /// Whether there are more than were looked at.
    var isCut = false
}

extension HistoryReader {
    /// What `tip` reaches.
    func frontier(of tip: ObjectID) throws -> HistoryFrontier {
        let handle = try opened()
        let walked = try index.read { lookups in try walk(from: tip, lookups, handle) }
        return try walked ?? walk(from: tip, nil, handle)
    }

    private func walk(
        from tip: ObjectID, _ lookups: HistoryLookups?, _ handle: RepositoryHandle
    ) throws -> HistoryFrontier {
        var frontier = HistoryFrontier()
        var seqs: [ObjectID: Int64] = [:]
        let walk = try handle.repository.commits(from: tip, limit: walkLimit) { id in
            guard let found = try lookups?.find(id) else { return true }
            guard found.line == nil else {
                frontier.top = max(frontier.top, found.seq)
                return false
            }
            seqs[id] = found.seq
            return true
        }
        frontier.isCut = walk.isCut
        frontier.pending = walk.commits.filter { seqs[$0] ?? .max > frontier.top }
        return frontier
    }
}
