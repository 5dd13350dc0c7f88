import GRDB
import Glibc
import Registry

/// The SQLite file behind ``SignalStore``: write-ahead log, synchronous NORMAL.
struct SignalDatabase: Sendable {
    let path: String
    private let queue: DatabaseQueue

    /// Opens the file; one that is no database, or broken, is renamed and replaced by an empty one.
    static func open(
        _ path: String, report: (_ problem: String) -> Void
    ) throws(StateError) -> SignalDatabase {
        try PrivateFile.create(path)
        do {
            return try SignalDatabase(path)
        } catch  where error.resultCode.isBrokenFile {
            let aside = path + ".broken-\(time(nil))"
            report(
                "Signals in \(path) cannot be read (\(error)); moved to \(aside), starting empty.")
            for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
            guard Glibc.rename(path, aside) == 0 else {
                throw .unusable(path: path, reason: errorText(errno))
            }
            try PrivateFile.create(path)
            do { return try SignalDatabase(path) } catch { throw error.asStateError(path) }
        } catch {
            throw error.asStateError(path)
        }
    }

    private init(_ path: String) throws(DatabaseError) {
        self.path = path
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                guard try String.fetchOne(database, sql: "PRAGMA quick_check") == "ok" else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT)
                }
                try database.execute(sql: Self.schema)
            }
        } catch let error as DatabaseError {
            throw error
        } catch {
            throw DatabaseError(message: "\(error)")
        }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS contact (
            device TEXT PRIMARY KEY,  -- the uid; SQLite compares its UTF-8
            microseconds INTEGER NOT NULL
        ) WITHOUT ROWID
        """

    /// Every device's last contact; rows that no device can have are passed over.
    func contacts() throws(StateError) -> [DocumentID: Timestamp] {
        do {
            return try queue.read { database in
                var contacts: [DocumentID: Timestamp] = [:]
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT device, microseconds FROM contact")
                while let row = try rows.next() {
                    guard let text = String.fromDatabaseValue(row[0]),
                        let id = DocumentID(text),
                        let microseconds = Int64.fromDatabaseValue(row[1])
                    else { continue }
                    contacts[id] = Timestamp(microseconds: microseconds)
                }
                return contacts
            }
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// A contact to write; no time removes the row.
    typealias Change = (id: DocumentID, time: Timestamp?)

    /// Writes these contacts in one transaction.
    func write(_ changes: [Change]) throws {
        try queue.write { try Self.write(changes, to: $0) }
    }

    /// The same without holding the caller's thread. A cancelled task writes nothing and throws.
    func writeInBackground(_ changes: [Change]) async throws {
        try await queue.write { try Self.write(changes, to: $0) }
    }

    private static func write(_ changes: [Change], to database: Database) throws {
        let put = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO contact (device, microseconds) VALUES (?, ?)")
        let remove = try database.cachedStatement(sql: "DELETE FROM contact WHERE device = ?")
        for change in changes {
            if let time = change.time {
                try put.execute(arguments: [change.id.text, time.microseconds])
            } else {
                try remove.execute(arguments: [change.id.text])
            }
        }
    }

    func close() { try? queue.close() }
}

extension DatabaseError {
    fileprivate func asStateError(_ path: String) -> StateError {
        .unusable(path: path, reason: message ?? "\(self)")
    }
}

extension ResultCode {
    /// Whether the file itself is at fault, not the place or the moment.
    fileprivate var isBrokenFile: Bool { self == .SQLITE_CORRUPT || self == .SQLITE_NOTADB }
}
