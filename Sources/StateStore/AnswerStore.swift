import Foundation
import GRDB
public import Registry
import Synchronization

/// The answers to requests that carry a key of their own (`Idempotency-Key`), so that a repeated one is
/// answered again and not done again: `answers.sqlite` of the state directory (write-ahead log,
/// synchronous FULL).
public final class AnswerStore: Sendable {
    /// An answer as it was given.
    public struct Answer: Hashable, Sendable {
        public let status: Int
        public let fields: [String: String]
        public let body: [UInt8]

        public init(status: Int, fields: [String: String], body: [UInt8]) {
            self.status = status
            self.fields = fields
            self.body = body
        }
    }

    /// What is known of a key.
    public enum Beginning: Hashable, Sendable {
        /// Nothing: the request is to be answered now, and has been noted.
        case new
        /// An earlier server began with the request when `tip` was the newest commit, and did not
        /// finish. It has been noted again.
        case unfinished(tip: Revision?)
        case answered(Answer)
        /// This server is answering it.
        case running
        /// Another request had the key.
        case otherRequest
    }

    /// How long an answer is kept.
    public static let keptSeconds: Int64 = 24 * 3600

    private let database: StateDatabase
    private let running = Mutex<Set<String>>([])

    /// Opens the file, or makes it.
    public init(in directory: StateDirectory) throws(StateError) {
        database = try StateDatabase("answers.sqlite", in: directory, schema: Self.schema)
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS answer (
            key TEXT PRIMARY KEY,       -- a hash
            request TEXT NOT NULL,      -- a hash of all that the client sent
            begun INTEGER NOT NULL,     -- microseconds
            tip TEXT,                   -- the newest commit then
            status INTEGER,             -- null until it is answered
            fields TEXT,
            body BLOB
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS answer_by_age ON answer (begun);
        """

    /// Looks a key up and, where it is new, notes durably that its request is being answered.
    ///
    /// Whoever gets `new` or `unfinished` calls ``finish(_:with:)``.
    /// - Parameters:
    ///   - request: differs for requests that differ.
    ///   - tip: the newest commit.
    public func begin(
        _ key: String, request: String, tip: Revision?, now: Timestamp = .now
    ) throws(StateError) -> Beginning {
        guard running.withLock({ $0.insert(key).inserted }) else { return .running }
        do throws(StateError) {
            let found = try database.write { database in
                try database.execute(
                    sql: "DELETE FROM answer WHERE begun < ?",
                    arguments: [now.microseconds - Self.keptSeconds * 1_000_000])
                let found = try Self.find(key, request, in: database)
                if found == .new {
                    try database.execute(
                        sql: "INSERT INTO answer (key, request, begun, tip) VALUES (?, ?, ?, ?)",
                        arguments: [key, request, now.microseconds, tip?.description])
                }
                return found
            }
            switch found {
            case .new, .unfinished: break
            case .answered, .otherRequest, .running: release(key)
            }
            return found
        } catch {
            release(key)
            throw error
        }
    }

    /// Keeps the answer of a key, or with nil forgets the key: the request may be sent again.
    public func finish(_ key: String, with answer: Answer?) throws(StateError) {
        defer { release(key) }
        try database.write { database in
            guard let answer else {
                return try database.execute(
                    sql: "DELETE FROM answer WHERE key = ?", arguments: [key])
            }
            let fields = answer.fields.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)\n" }.joined()
            try database.execute(
                sql: "UPDATE answer SET status = ?, fields = ?, body = ? WHERE key = ?",
                arguments: [answer.status, fields, Data(answer.body), key])
        }
    }

    public func close() { database.close() }

    private func release(_ key: String) { running.withLock { _ = $0.remove(key) } }

    private static func find(
        _ key: String, _ request: String, in database: Database
    ) throws -> Beginning {
        let row = try Row.fetchOne(
            database, sql: "SELECT request, tip, status, fields, body FROM answer WHERE key = ?",
            arguments: [key])
        guard let row else { return .new }
        guard row["request"] as String? == request else { return .otherRequest }
        guard let status = row["status"] as Int? else {
            return .unfinished(tip: (row["tip"] as String?).flatMap { Revision(hex: $0) })
        }
        var fields: [String: String] = [:]
        for line in (row["fields"] as String? ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] = String(parts[1].dropFirst())
        }
        let body = (row["body"] as Data?).map { Array($0) } ?? []
        return .answered(Answer(status: status, fields: fields, body: body))
    }
}
