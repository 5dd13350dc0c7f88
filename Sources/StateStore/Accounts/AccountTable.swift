import GRDB
import Registry

/// All accounts, tokens and sessions in memory, where requests look.
struct AccountTable: Sendable {
    struct Entry: Sendable {
        var account: Account
        var password: PasswordHash?
    }

    var accounts: [AccountName: Entry] = [:]
    var tokens: [SecretDigest: AccessToken] = [:]
    var sessions: [SecretDigest: AccessSession] = [:]
    /// Uses that the file does not know yet.
    var usedTokens: Set<SecretDigest> = []
    var usedSessions: Set<SecretDigest> = []

    static let schema = """
        CREATE TABLE IF NOT EXISTS account (
            name TEXT PRIMARY KEY,
            kind TEXT NOT NULL,         -- person or machine
            roles TEXT NOT NULL,        -- names with a space between them
            password TEXT,              -- a hash with its parameters
            must_change INTEGER NOT NULL,
            disabled INTEGER NOT NULL,
            created INTEGER NOT NULL    -- microseconds, as all times
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS token (
            digest TEXT PRIMARY KEY,    -- SHA-256 of the secret, hex
            id TEXT NOT NULL UNIQUE,
            account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
            name TEXT NOT NULL,
            rights TEXT NOT NULL,       -- names with a space between them, as are the next
            collections TEXT,           -- null for all
            device TEXT,                -- null for all
            networks TEXT NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER,
            last_use INTEGER,
            last_address TEXT,
            UNIQUE (account, name)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS session (
            digest TEXT PRIMARY KEY,    -- SHA-256 of the cookie, hex
            id TEXT NOT NULL UNIQUE,
            account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
            created INTEGER NOT NULL,
            last_use INTEGER NOT NULL,
            address TEXT,
            browser TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS session_by_account ON session (account);
        """

    init() {}

    /// Reads the file; a row that makes no sense gives no way in.
    init(_ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT * FROM account") {
            guard let entry = Entry(row) else { continue }
            accounts[entry.account.name] = entry
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM token") {
            guard let digest = SecretDigest(hex: row["digest"]), let token = AccessToken(row) else {
                continue
            }
            tokens[digest] = token
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM session") {
            guard let digest = SecretDigest(hex: row["digest"]), let session = AccessSession(row)
            else { continue }
            sessions[digest] = session
        }
    }

    /// Keeps what is known of uses and not written yet.
    mutating func keepUses(of before: AccountTable) {
        for digest in before.usedTokens where tokens[digest] != nil {
            tokens[digest]?.lastUse = before.tokens[digest]?.lastUse
            tokens[digest]?.lastAddress = before.tokens[digest]?.lastAddress
            usedTokens.insert(digest)
        }
        for digest in before.usedSessions {
            guard let used = before.sessions[digest], sessions[digest] != nil else { continue }
            sessions[digest]?.lastUse = used.lastUse
            usedSessions.insert(digest)
        }
    }

    mutating func removeTokens(where isGone: (AccessToken) -> Bool) {
        tokens = tokens.filter { !isGone($0.value) }
    }

    mutating func removeSessions(where isGone: (AccessSession) -> Bool) {
        sessions = sessions.filter { !isGone($0.value) }
    }
}

extension Database {
    func hasAccount(_ name: AccountName) throws -> Bool {
        try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM account WHERE name = ?)",
            arguments: [name.text]) == true
    }
}

extension AccountTable.Entry {
    init?(_ row: Row) {
        guard let name = AccountName(row["name"]), let kind = Account.Kind(rawValue: row["kind"])
        else { return nil }
        password = (row["password"] as String?).flatMap(PasswordHash.init)
        account = Account(
            name: name, kind: kind, roles: Set(words(row["roles"])), isDisabled: row["disabled"],
            passwordMark: password?.mark, mustChangePassword: row["must_change"],
            created: Timestamp(microseconds: row["created"]))
    }
}

extension AccessToken {
    init?(_ row: Row) {
        guard let account = AccountName(row["account"]) else { return nil }
        let networks = words(row["networks"])
        let blocks = networks.compactMap(AddressBlock.init)
        let device = row["device"] as String?
        let deviceID = device.flatMap { DocumentID($0) }
        // A restriction that cannot be read must not be none.
        guard blocks.count == networks.count, (device == nil) == (deviceID == nil) else {
            return nil
        }
        self.init(
            id: row["id"], account: account, name: row["name"],
            scope: AccessScope(
                rights: Set(words(row["rights"]).compactMap { AccessRight(rawValue: $0) }),
                collections: (row["collections"] as String?).map { Set(words($0)) },
                device: deviceID),
            networks: blocks, created: Timestamp(microseconds: row["created"]),
            expires: (row["expires"] as Int64?).map { Timestamp(microseconds: $0) },
            lastUse: (row["last_use"] as Int64?).map { Timestamp(microseconds: $0) },
            lastAddress: row["last_address"])
    }
}

extension AccessSession {
    init?(_ row: Row) {
        guard let account = AccountName(row["account"]) else { return nil }
        self.init(
            id: row["id"], account: account, created: Timestamp(microseconds: row["created"]),
            lastUse: Timestamp(microseconds: row["last_use"]), address: row["address"],
            browser: row["browser"])
    }
}

private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
