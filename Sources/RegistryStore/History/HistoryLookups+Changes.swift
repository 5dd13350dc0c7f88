internal import FoundationEssentials
internal import GRDB
internal import Git
internal import Registry

extension HistoryLookups {
    private static let columns = """
        SELECT p.folder, p.name, c.kind, c.listed, c.old, c.new, c.path, o.folder, o.name
        FROM changes c JOIN places p ON p.id = c.place LEFT JOIN places o ON o.id = c.other
        """

    /// What a commit changed, the first of it in no certain order; nil where the index lacks it.
    func changes(
        of id: ObjectID, limit: Int
    ) throws -> (list: [HistoryChange], count: Int)? {
        guard let seq = try find(id)?.seq else { return nil }
        let count = try Int.fetchOne(
            database, sql: "SELECT changes FROM commits WHERE seq = ?", arguments: [seq])
        let list = try fetch("WHERE c.seq = ? LIMIT ?", [seq, limit])
        return (list.sorted { FilePath($0.path) < FilePath($1.path) }, count ?? list.count)
    }

    /// What a commit changed in a collection, a little more than is shown of it.
    func changes(of seq: Int64, in folder: String) throws -> [HistoryChange] {
        let limit = HistoryStep.changeLimit + 1
        let count = try Int.fetchOne(
            database, sql: "SELECT changes FROM commits WHERE seq = ?", arguments: [seq])
        guard count ?? 0 > Self.manyChanges else {
            return try fetch(
                "WHERE c.seq = ? AND p.folder = ? AND c.listed = 1 LIMIT ?", [seq, folder, limit])
        }
        // Among very many changes those of a collection are found by its documents.
        let places = try Int64.fetchAll(
            database,
            sql: """
                SELECT p.id FROM places p CROSS JOIN changes c ON c.place = p.id AND c.seq = ?
                WHERE p.folder = ? AND c.listed = 1 LIMIT ?
                """, arguments: [seq, folder, limit])
        return try places.flatMap { try changes(of: seq, at: $0) }
    }

    private static let manyChanges = 1_000

    func changes(of seq: Int64, at place: Int64) throws -> [HistoryChange] {
        try fetch("WHERE c.place = ? AND c.seq = ?", [place, seq])
    }

    private func fetch(_ end: String, _ arguments: StatementArguments) throws -> [HistoryChange] {
        let statement = try database.cachedStatement(sql: "\(Self.columns) \(end)")
        return try Row.fetchAll(statement, arguments: arguments).compactMap { HistoryChange($0) }
    }
}

extension HistoryChange {
    fileprivate init?(_ row: Row) {
        let place = HistoryPlace(folder: row[0], name: row[1])
        guard let kind = Kind(rawValue: row[2]) else { return nil }
        func blob(_ data: Data?) -> Revision? {
            data.flatMap { ObjectID($0) }.map { Revision($0) }
        }
        let folder: String? = row[7]
        let other = folder.map { HistoryPlace(folder: $0, name: row[8]) }
        self.init(
            kind: kind, path: row[6] ?? place.usualPath, key: place.key, other: other?.key,
            old: blob(row[4]), new: blob(row[5]), isTaken: row[3] == 0 && kind != .moved)
    }
}
