internal import GRDB
internal import Git
internal import Glibc

/// The SQLite file of the history: every commit of the served branch in an order in which parents
/// come first, and what each changed.
///
/// The commits with a number up to that of a commit of the served line are that commit and all of
/// its ancestors, so ranges of numbers answer what would need walks. The file says nothing that
/// git does not know; it can be removed at any time, and is made anew then.
struct HistoryDatabase: Sendable {
    let pool: DatabasePool

    /// Another number makes every file anew that an older program has left.
    static let version = 2

    /// Opens or makes the file; one that is no such database, or of another version, is replaced.
    static func open(_ path: String) throws -> HistoryDatabase {
        do {
            return try HistoryDatabase(path)
        } catch {
            remove(path)
            return try HistoryDatabase(path)
        }
    }

    /// Opens a file for reading, as it is; nil where there is none that can be used.
    init?(reading path: String) {
        guard FileFacts(at: path) != nil else { return nil }
        var configuration = Self.configuration
        configuration.readonly = true
        configuration.prepareDatabase { _ in }
        guard let pool = try? DatabasePool(path: path, configuration: configuration),
            (try? pool.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }) == Self.version
        else { return nil }
        self.pool = pool
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private init(_ path: String) throws {
        // Nobody else is to read what a private registry holds.
        let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
        pool = try DatabasePool(path: path, configuration: Self.configuration)
        let isNew = try pool.write { database in
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            if found == 0 {
                try database.execute(sql: Self.schema)
                try database.execute(sql: "PRAGMA user_version = \(Self.version)")
            } else if found != Self.version {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "another version")
            }
            return found == 0
        }
        try requireIntact(isNew: isNew)
    }

    /// What was not flushed is lost in a power cut, and only then: the system's boot says so.
    private func requireIntact(isNew: Bool) throws {
        let boot = (try? FileSystem.read("/proc/sys/kernel/random/boot_id", limit: 100)) ?? nil
        let text = boot.map { String(decoding: $0, as: UTF8.self) } ?? ""
        try pool.write { database in
            let known = try String.fetchOne(
                database, sql: "SELECT value FROM facts WHERE name = 'boot'")
            if !isNew, known != text,
                try String.fetchOne(database, sql: "PRAGMA quick_check(1)") != "ok"
            {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO facts (name, value) VALUES ('boot', ?)",
                arguments: [text])
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.maximumReaderCount = 3
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -16384; PRAGMA temp_store = 2")
        }
        return configuration
    }

    func close() { try? pool.close() }

    private static let schema = """
        CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE people (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (name, email));
        CREATE TABLE commits (
            seq INTEGER PRIMARY KEY,     -- parents before children
            line INTEGER,                -- place on the served line, from 1
            id BLOB NOT NULL UNIQUE,     -- 20 bytes
            author INTEGER NOT NULL,
            authored INTEGER NOT NULL,   -- seconds since 1970
            committed INTEGER NOT NULL,
            subject TEXT NOT NULL,
            changes INTEGER NOT NULL);   -- how many
        CREATE INDEX commit_lines ON commits (line) WHERE line IS NOT NULL;
        CREATE INDEX commit_authors ON commits (author, seq);
        CREATE TABLE places (
            id INTEGER PRIMARY KEY,
            folder TEXT NOT NULL,        -- a collection; empty for what is no document
            name TEXT NOT NULL,          -- the uid, or the path
            UNIQUE (folder, name));
        CREATE TABLE changes (
            place INTEGER NOT NULL, seq INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            listed INTEGER NOT NULL,     -- 0: only moved, or by a merge as another parent has it
            old BLOB, new BLOB,
            path TEXT,                   -- where it is not the usual one
            other INTEGER,               -- the place it was renamed from or to
            PRIMARY KEY (place, seq)) WITHOUT ROWID;
        CREATE INDEX change_commits ON changes (seq);
        CREATE INDEX change_removals ON changes (seq) WHERE kind IN (2, 5);
        CREATE TABLE renames (
            place INTEGER NOT NULL, seq INTEGER NOT NULL, other INTEGER NOT NULL,
            PRIMARY KEY (place, seq)) WITHOUT ROWID;
        CREATE TABLE collections (
            folder TEXT NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (folder, seq)) WITHOUT ROWID;
        CREATE TABLE times (             -- those of the line that none later is before
            second INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        CREATE TABLE days (              -- since 1970, UTC
            day INTEGER NOT NULL, author INTEGER NOT NULL, commits INTEGER NOT NULL,
            PRIMARY KEY (day, author)) WITHOUT ROWID;
        """
}
