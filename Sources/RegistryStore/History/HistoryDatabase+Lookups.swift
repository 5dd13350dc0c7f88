internal import FoundationEssentials
internal import GRDB
internal import Git

/// Questions about single commits, within one transaction.
struct HistoryLookups {
    let database: Database

    init(_ database: Database) { self.database = database }

    /// Where a commit is in the index.
    struct Found {
        let seq: Int64
        let line: Int64?
    }

    /// The newest commit of the line; nil in an empty index.
    func tip() throws -> (id: ObjectID, seq: Int64)? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, seq FROM commits WHERE line IS NOT NULL ORDER BY line DESC LIMIT 1
                """)
        guard let row, let id = ObjectID(row[0] as Data) else { return nil }
        return (id, row[1])
    }

    func find(_ id: ObjectID) throws -> Found? {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, line FROM commits WHERE id = ?")
        let row = try Row.fetchOne(statement, arguments: [id.data])
        return row.map { Found(seq: $0[0], line: $0[1]) }
    }

    func id(of seq: Int64) throws -> ObjectID? {
        let statement = try database.cachedStatement(sql: "SELECT id FROM commits WHERE seq = ?")
        return try Data.fetchOne(statement, arguments: [seq]).flatMap { ObjectID($0) }
    }

    /// The line's commits after a place on it, oldest first.
    func line(after line: Int64, upTo last: Int64, limit: Int) throws -> [ObjectID] {
        try Data.fetchAll(
            database,
            sql: """
                SELECT id FROM commits WHERE line IS NOT NULL AND line > ? AND line <= ?
                ORDER BY line LIMIT ?
                """,
            arguments: [line, last, limit]
        ).compactMap { ObjectID($0) }
    }

    /// The first commit of the line that has this one.
    func lineCommit(containing seq: Int64) throws -> ObjectID? {
        try Data.fetchOne(
            database,
            sql: """
                SELECT id FROM commits WHERE seq >= ? AND line IS NOT NULL ORDER BY seq LIMIT 1
                """,
            arguments: [seq]
        ).flatMap { ObjectID($0) }
    }

    /// The newest commit of the line that is not later than a second since 1970.
    func seq(notAfter second: Int64) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql: "SELECT seq FROM times WHERE second <= ? ORDER BY second DESC LIMIT 1",
            arguments: [second])
    }

    var count: Int {
        get throws { try Int.fetchOne(database, sql: "SELECT MAX(seq) FROM commits") ?? 0 }
    }
}
