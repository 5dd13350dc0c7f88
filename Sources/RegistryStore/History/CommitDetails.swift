internal import Git
public import Registry

/// One commit with everything that it changed.
public struct CommitDetails: Sendable {
    public let entry: HistoryEntry
    /// A part of what it changed against its first parent, by path.
    public let changes: [HistoryChange]
    /// What each of these did.
    public let differences: [DocumentDifference]
    public let changeCount: Int
    /// Goes on after ``changes``; nil where that is all.
    public let next: String?
}

extension HistoryReader {
    func details(of id: ObjectID, after: String?, limit: Int) throws -> CommitDetails {
        let handle = try opened()
        let commit = try handle.database.commit(id)
        let all = try handle.database.historyChanges(
            handle.database.changes(of: commit), of: commit)
        let rest = after.map { after in all.drop { !(FilePath(after) < FilePath($0.path)) } }
        let shown = Array((rest ?? all[...]).prefix(limit))
        let isAll = shown.isEmpty || shown.last?.path == all.last?.path
        return CommitDetails(
            entry: HistoryEntry(id, commit), changes: shown,
            differences: try shown.map { try difference(of: $0) }, changeCount: all.count,
            next: isAll ? nil : shown.last?.path)
    }
}
