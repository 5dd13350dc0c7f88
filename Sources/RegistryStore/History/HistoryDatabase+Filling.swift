internal import FoundationEssentials
internal import GRDB
internal import Git
internal import Registry

/// One commit, on its way into the index.
struct IndexedCommit {
    let id: ObjectID
    let commit: Commit
    let changes: [HistoryChange]
    let isOnLine: Bool
}

extension ObjectID {
    /// The 20 bytes.
    var data: Data {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return Data(bytes)
    }

    init?(_ data: Data) { self.init(raw: Array(data)) }
}

/// Adds commits within one transaction.
struct HistoryWriter {
    private let database: Database
    private var seq: Int64
    private var line: Int64
    private var people: [Signature: Int64] = [:]
    private var places: [HistoryPlace: Int64] = [:]

    /// So many names are remembered within a transaction.
    private static let memory = 20_000

    init(_ database: Database) throws {
        self.database = database
        seq = try Int64.fetchOne(database, sql: "SELECT MAX(seq) FROM commits") ?? 0
        line = try Int64.fetchOne(database, sql: "SELECT MAX(line) FROM commits") ?? 0
    }

    mutating func add(_ item: IndexedCommit) throws {
        seq += 1
        if item.isOnLine { line += 1 }
        let person = try id(of: item.commit.author)
        let seconds = item.commit.committer.seconds
        try run(
            """
            INSERT INTO commits (seq, line, id, author, authored, committed, subject, changes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                seq, item.isOnLine ? line : nil, item.id.data, person,
                item.commit.author.seconds, seconds, item.commit.subject, item.changes.count,
            ])
        try run(
            """
            INSERT INTO days (day, author, commits) VALUES (?, ?, 1)
            ON CONFLICT (day, author) DO UPDATE SET commits = commits + 1
            """, [seconds / 86_400, person])
        if item.isOnLine {
            try run("DELETE FROM times WHERE second >= ?", [seconds])
            try run("INSERT INTO times (second, seq) VALUES (?, ?)", [seconds, seq])
        }
        var folders: Set<String> = []
        for change in item.changes {
            try add(change)
            if change.isListed, let key = change.key { folders.insert(key.collection.name) }
        }
        for folder in folders {
            try run("INSERT INTO collections (folder, seq) VALUES (?, ?)", [folder, seq])
        }
    }

    private mutating func add(_ change: HistoryChange) throws {
        let place = change.place
        let number = try id(of: place)
        let other = try change.other.map { try id(of: HistoryPlace($0)) }
        try run(
            """
            INSERT OR REPLACE INTO changes (place, seq, kind, listed, old, new, path, other)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                number, seq, change.kind.rawValue, change.isListed ? 1 : 0,
                change.old.map { ObjectID($0).data }, change.new.map { ObjectID($0).data },
                change.path == place.usualPath ? nil : change.path, other,
            ])
        if change.kind == .renamed, let other {
            try run(
                "INSERT OR REPLACE INTO renames (place, seq, other) VALUES (?, ?, ?)",
                [number, seq, other])
        }
    }

    private mutating func id(of person: Signature) throws -> Int64 {
        let person = Signature(name: person.name, email: person.email, seconds: 0)
        if let known = people[person] { return known }
        if people.count >= Self.memory { people.removeAll() }
        let id = try id(in: "people", "name", "email", person.name, person.email)
        people[person] = id
        return id
    }

    private mutating func id(of place: HistoryPlace) throws -> Int64 {
        if let known = places[place] { return known }
        if places.count >= Self.memory { places.removeAll() }
        let id = try id(in: "places", "folder", "name", place.folder, place.name)
        places[place] = id
        return id
    }

    private func id(
        in table: String, _ first: String, _ second: String, _ one: String, _ two: String
    ) throws -> Int64 {
        let find = try database.cachedStatement(
            sql: "SELECT id FROM \(table) WHERE \(first) = ? AND \(second) = ?")
        if let known = try Int64.fetchOne(find, arguments: [one, two]) { return known }
        try run("INSERT INTO \(table) (\(first), \(second)) VALUES (?, ?)", [one, two])
        return database.lastInsertedRowID
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Forgets every commit after one of the line, because the branch goes on from there otherwise.
    ///
    /// - Parameter seq: 0 forgets all.
    static func cut(_ database: Database, after seq: Int64) throws {
        try database.execute(
            sql: """
                UPDATE days SET commits = commits - gone.count
                FROM (
                    SELECT committed / 86400 AS day, author, COUNT(*) AS count FROM commits
                    WHERE seq > :seq GROUP BY 1, 2
                ) AS gone
                WHERE days.day = gone.day AND days.author = gone.author;
                """, arguments: ["seq": seq])
        try database.execute(sql: "DELETE FROM days WHERE commits <= 0")
        for table in ["changes", "renames", "collections", "commits", "times"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE seq > ?", arguments: [seq])
        }
        try renewTimes(database)
    }

    /// Times that later commits had taken out come back when those are gone.
    private static func renewTimes(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM times")
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT seq, committed FROM commits WHERE line IS NOT NULL ORDER BY line DESC")
        let insert = try database.makeStatement(
            sql: "INSERT INTO times (second, seq) VALUES (?, ?)")
        var least = Int64.max
        while let row = try rows.next() {
            let (seq, second): (Int64, Int64) = (row[0], row[1])
            guard second < least else { continue }
            least = second
            try insert.execute(arguments: [second, seq])
        }
    }
}
