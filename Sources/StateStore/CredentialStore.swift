internal import Crypto
internal import GRDB
public import Registry
internal import Synchronization

/// The keys of users, as salted hashes: nothing here tells a key.
///
/// In `secrets.sqlite` of the state directory (write-ahead log, synchronous FULL), and in memory,
/// where requests look. A user without a row has no key that works.
public final class CredentialStore: Sendable {
    /// What is stored of one key.
    private struct Hash: Hashable, Sendable {
        let salt: [UInt8]
        let rounds: Int
        let digest: [UInt8]
    }

    private struct State {
        var hashes: [DocumentID: Hash] = [:]
        /// Keys that were found right, as a hash under a secret of this process.
        var proven: [DocumentID: [UInt8]] = [:]
    }

    /// Keys that people choose take some milliseconds to try.
    private static let chosenRounds = 10_000

    private let database: StateDatabase
    private let state = Mutex(State())
    private let processKey = SymmetricKey(size: .bits256)

    public init(in directory: StateDirectory) throws(StateError) {
        database = try StateDatabase("secrets.sqlite", in: directory, schema: Self.schema)
        try reload()
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS credential (
            user TEXT PRIMARY KEY,  -- the uid of the user's document
            salt TEXT NOT NULL,  -- hex, as is the digest
            rounds INTEGER NOT NULL,
            digest TEXT NOT NULL
        ) WITHOUT ROWID
        """

    /// Gives a user a key, in the place of the one before.
    ///
    /// - Parameter isRandom: the key is so long and random that nobody guesses it.
    public func set(
        _ key: String, of user: DocumentID, isRandom: Bool
    ) throws(StateError) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let rounds = isRandom ? 1 : Self.chosenRounds
        let hash = Hash(salt: salt, rounds: rounds, digest: Self.digest(key, salt, rounds))
        try database.write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO credential VALUES (?, ?, ?, ?)",
                arguments: [
                    user.text, lowercaseHex(hash.salt), hash.rounds, lowercaseHex(hash.digest),
                ])
        }
        state.withLock { state in
            state.hashes[user] = hash
            state.proven[user] = nil
        }
    }

    /// Takes the keys of users away.
    public func remove(_ users: [DocumentID]) throws(StateError) {
        guard !users.isEmpty else { return }
        try database.write { database in
            for user in users {
                try database.execute(
                    sql: "DELETE FROM credential WHERE user = ?", arguments: [user.text])
            }
        }
        state.withLock { state in
            for user in users {
                state.hashes[user] = nil
                state.proven[user] = nil
            }
        }
    }

    /// Whether the user has this key.
    public func holds(_ key: String, of user: DocumentID) -> Bool {
        let proof = Array(HMAC<SHA256>.authenticationCode(for: Array(key.utf8), using: processKey))
        let (hash, proven) = state.withLock { ($0.hashes[user], $0.proven[user]) }
        guard let hash else { return false }
        if let proven, Self.areEqual(proof, proven) { return true }
        guard Self.areEqual(Self.digest(key, hash.salt, hash.rounds), hash.digest) else {
            return false
        }
        state.withLock { state in
            if state.hashes[user] == hash { state.proven[user] = proof }
        }
        return true
    }

    /// Closes the file.
    public func close() { database.close() }

    private func reload() throws(StateError) {
        let hashes = try database.read { database in
            var hashes: [DocumentID: Hash] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT user, salt, rounds, digest FROM credential")
            while let row = try rows.next() {
                guard let id = String.fromDatabaseValue(row[0]).flatMap({ DocumentID($0) }),
                    let salt = String.fromDatabaseValue(row[1]).flatMap({ hexBytes($0) }),
                    let rounds = Int.fromDatabaseValue(row[2]), rounds > 0,
                    let digest = String.fromDatabaseValue(row[3]).flatMap({ hexBytes($0) })
                else { continue }
                hashes[id] = Hash(salt: salt, rounds: rounds, digest: digest)
            }
            return hashes
        }
        state.withLock { $0.hashes = hashes }
    }

    /// The first block of PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
    static func digest(_ key: String, _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
        let secret = SymmetricKey(data: Array(key.utf8))
        var block = Array(HMAC<SHA256>.authenticationCode(for: salt + [0, 0, 0, 1], using: secret))
        var digest = block
        for _ in 1..<max(rounds, 1) {
            block = Array(HMAC<SHA256>.authenticationCode(for: block, using: secret))
            for place in digest.indices { digest[place] ^= block[place] }
        }
        return digest
    }

    /// In a time that says nothing about where they differ.
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
