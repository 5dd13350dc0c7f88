internal import GRDB
public import Registry
internal import Synchronization

/// The keys of users, as salted hashes: nothing here tells a key.
///
/// In `secrets.sqlite` of the state directory (write-ahead log, synchronous FULL), and in memory,
/// where requests look. A user without a row has no key that works.
public final class CredentialStore: Sendable {
    private let database: StateDatabase
    private let hashes = Mutex<[DocumentID: PasswordHash]>([:])
    private let checks = PasswordChecks()
    private let method: PasswordHash.Method
    private let nobody: PasswordHash

    public convenience init(in directory: StateDirectory) throws(StateError) {
        try self.init(in: directory, hashing: .chosen)
    }

    /// - Parameter method: how keys that people choose are hashed; tests take a quick one.
    init(in directory: StateDirectory, hashing method: PasswordHash.Method) throws(StateError) {
        self.method = method
        nobody = .ofNobody(method)
        database = try StateDatabase("secrets.sqlite", in: directory, schema: Self.schema)
        try reload()
    }

    /// `credential` is what earlier versions wrote: hex salt and digest of PBKDF2.
    private static let schema = """
        CREATE TABLE IF NOT EXISTS credential (
            user TEXT PRIMARY KEY,
            salt TEXT NOT NULL,
            rounds INTEGER NOT NULL,
            digest TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS key (
            user TEXT PRIMARY KEY,  -- the uid of the user's document
            hash TEXT NOT NULL  -- with its parameters
        ) WITHOUT ROWID;
        INSERT OR IGNORE INTO key
            SELECT user, 'pbkdf2-sha256$' || rounds || '$' || salt || '$' || digest FROM credential;
        DELETE FROM credential;
        """

    /// Gives a user a key, in the place of the one before.
    ///
    /// - Parameter isRandom: the key is so long and random that nobody guesses it.
    public func set(
        _ key: String, of user: DocumentID, isRandom: Bool
    ) throws(StateError) {
        let hash = PasswordHash(of: key, by: isRandom ? .random : method)
        try database.write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO key VALUES (?, ?)", arguments: [user.text, hash.text])
        }
        hashes.withLock { $0[user] = hash }
    }

    /// Takes the keys of users away.
    public func remove(_ users: [DocumentID]) throws(StateError) {
        guard !users.isEmpty else { return }
        try database.write { database in
            for user in users {
                try database.execute(
                    sql: "DELETE FROM key WHERE user = ?", arguments: [user.text])
            }
        }
        hashes.withLock { hashes in
            for user in users { hashes[user] = nil }
        }
    }

    /// Whether the user has this key; tried on a thread of its own, and as slowly for users who have
    /// none.
    public func holds(
        _ key: String, of user: DocumentID
    ) async throws(PasswordsBusy) -> Bool {
        let hash = hashes.withLock { $0[user] } ?? nobody
        return try await checks.matches(key, hash)
    }

    /// Takes as long over a key as ``holds(_:of:)``, for users whom nobody knows.
    public func refuse(_ key: String) async { _ = try? await checks.matches(key, nobody) }

    /// Closes the file.
    public func close() { database.close() }

    private func reload() throws(StateError) {
        let hashes = try database.read { database in
            var hashes: [DocumentID: PasswordHash] = [:]
            let rows = try Row.fetchCursor(database, sql: "SELECT user, hash FROM key")
            while let row = try rows.next() {
                guard let id = String.fromDatabaseValue(row[0]).flatMap({ DocumentID($0) }),
                    let hash = String.fromDatabaseValue(row[1]).flatMap({ PasswordHash($0) })
                else { continue }
                hashes[id] = hash
            }
            return hashes
        }
        self.hashes.withLock { $0 = hashes }
    }
}
