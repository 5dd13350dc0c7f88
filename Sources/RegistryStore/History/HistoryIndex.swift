internal import GRDB
internal import Git
internal import Registry
internal import Synchronization

/// The index of the history: a file that is filled as commits come, and answers at once what would
/// need a walk through all of them.
final class HistoryIndex: Sendable {
    let feed = HistoryFeed()
    private let path: String
    private let database = Mutex<HistoryDatabase?>(nil)
    private let known = Mutex(HistoryProgress())

    init(places: StorePlaces) { path = places.history }

    /// Looks at the file of a server, running or not, for a command; as it is.
    init(reading places: StorePlaces) {
        path = places.history
        database.withLock { $0 = HistoryDatabase(reading: path) }
    }

    var progress: HistoryProgress { known.withLock { $0 } }

    func note(_ change: (inout HistoryProgress) -> Void) { known.withLock { change(&$0) } }

    /// Opens the file at the first call.
    func opened() throws -> HistoryDatabase {
        if let open = database.withLock({ $0 }) { return open }
        let made = try HistoryDatabase.open(path)
        database.withLock { $0 = made }
        return made
    }

    /// Nil before ``opened()`` was called, or while the file cannot be used.
    var readable: HistoryDatabase? { database.withLock { $0 } }

    /// Removes a file that cannot be used; the next call of ``opened()`` begins a new one.
    func startAnew() {
        close()
        HistoryDatabase.remove(path)
    }

    func close() {
        database.withLock { database in
            database?.close()
            database = nil
        }
    }

    /// Asks the index; nil while there is none to ask.
    func read<Answer>(_ question: (HistoryLookups) throws -> Answer?) throws -> Answer? {
        guard let readable else { return nil }
        return try readable.pool.read { try question(HistoryLookups($0)) }
    }

    /// Whether the served branch has a commit, as far as the index knows.
    func has(_ commit: ObjectID) throws -> Bool { try read { try $0.find(commit) } != nil }

    func isOnLine(_ commit: ObjectID) throws -> Bool {
        try read { try $0.find(commit)?.line } != nil
    }
}
