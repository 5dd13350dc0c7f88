import GRDB

/// A SQLite file of the state directory that must lose nothing: mode 0600, write-ahead log,
/// synchronous FULL, foreign keys kept.
///
/// Commands of other processes may use the file at the same time.
struct StateDatabase: Sendable {
    let path: String
    private let queue: DatabaseQueue

    /// Opens the file, or makes it.
    ///
    /// - Parameter schema: statements that make what is not there.
    init(_ name: String, in directory: StateDirectory, schema: String) throws(StateError) {
        path = directory.file(name)
        try PrivateFile.create(path)
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { try $0.execute(sql: schema) }
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// Runs `work` on the file, in one transaction, and names the file in what it throws.
    func write<Result>(_ work: (Database) throws -> Result) throws(StateError) -> Result {
        do {
            return try queue.write(work)
        } catch let error as StateError {
            throw error
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// The same without changing anything.
    func read<Result>(_ work: (Database) throws -> Result) throws(StateError) -> Result {
        do {
            return try queue.read(work)
        } catch let error as StateError {
            throw error
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// The same as ``write(_:)``; `then` runs when it is durable, before anybody else has the
    /// connection.
    func write(_ work: (Database) throws -> Void, then: () -> Void) throws {
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                try work(database)
                return .commit
            }
            then()
        }
    }

    /// A number that differs once another process has written to the file.
    func version() async throws -> Int {
        try await queue.read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }

    /// ``read(_:)`` without holding the caller's thread.
    func readInBackground<Result: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await queue.read(work)
    }

    /// ``write(_:)`` without holding the caller's thread.
    func writeInBackground(_ work: @escaping @Sendable (Database) throws -> Void) async throws {
        try await queue.write(work)
    }

    func close() { try? queue.close() }
}
