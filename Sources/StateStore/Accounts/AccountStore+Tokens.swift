internal import GRDB
public import Registry
internal import Synchronization

/// What is to be known of a token that somebody sent.
public enum TokenFinding: Hashable, Sendable {
    case valid(AccessToken, Account)
    /// There is none such, or no longer.
    case unknown
    case expired(AccessToken)
    /// Its account is shut out.
    case disabled(AccessToken)
    /// It may not come from there.
    case elsewhere(AccessToken)
}

extension AccountStore {
    /// Makes a token; its secret is shown this once.
    ///
    /// - Parameter name: 1 to 100 characters, unique in the account.
    public func createToken(
        _ name: String, of account: AccountName, scope: AccessScope = .everything,
        networks: [AddressBlock] = [], expires: Timestamp? = nil, now: Timestamp = .now
    ) throws(AccountError) -> (token: AccessToken, secret: HandedSecret) {
        let scalars = name.unicodeScalars
        guard (1...100).contains(scalars.count), !scalars.contains(where: \.isControl) else {
            throw .invalid(
                "A token's name has 1 to 100 characters, none of them control characters.")
        }
        if let expires, expires <= now { throw .invalid("The token would have expired already.") }
        let secret = HandedSecret.newToken()
        let digest = SecretDigest(of: secret.text)
        let token = AccessToken(
            id: "tk_" + lowercaseHex(randomBytes(8)), account: account, name: name, scope: scope,
            networks: networks, created: now, expires: expires)
        try write { database in
            try Self.insert(token, digest, into: database)
        } then: { table in
            table.tokens[digest] = token
        }
        return (token, secret)
    }

    /// The tokens of an account, or of all, oldest first.
    public func tokens(of account: AccountName? = nil) -> [AccessToken] {
        table.withLock { table in
            table.tokens.values.filter { account == nil || $0.account == account }
        }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    }

    /// Ends a token.
    ///
    /// - Parameters:
    ///   - name: its id, or its name where `account` is given.
    ///   - account: whose it has to be; nil for anybody's.
    public func revokeToken(_ name: String, of account: AccountName?) throws(AccountError) {
        let found = tokens(of: account).first { token in
            token.id == name || account != nil && token.name.utf8.elementsEqual(name.utf8)
        }
        guard let id = found?.id else { throw .unknownToken(name) }
        try write { database in
            try database.execute(sql: "DELETE FROM token WHERE id = ?", arguments: [id])
            guard database.changesCount > 0 else { throw AccountError.unknownToken(name) }
        } then: { table in
            table.removeTokens { $0.id == id }
        }
    }

    /// Looks up a token that came with a request; one SHA-256 and a look into memory.
    public func find(
        token secret: String, from address: String?, now: Timestamp = .now
    ) -> TokenFinding {
        let digest = SecretDigest(of: secret)
        return table.withLock { table in
            guard let token = table.tokens[digest],
                let account = table.accounts[token.account]?.account
            else { return .unknown }
            guard !token.isExpired(at: now) else { return .expired(token) }
            guard !account.isDisabled else { return .disabled(token) }
            if !token.networks.isEmpty {
                guard let address, token.networks.contains(where: { $0.contains(address) }) else {
                    return .elsewhere(token)
                }
            }
            table.noteUse(of: digest, from: address, at: now)
            return .valid(token, account)
        }
    }

    private static func insert(
        _ token: AccessToken, _ digest: SecretDigest, into database: Database
    ) throws {
        let owner = token.account
        guard try database.hasAccount(owner) else { throw AccountError.unknown(owner) }
        let isThere = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM token WHERE account = ? AND name = ?)",
            arguments: [owner.text, token.name])
        guard isThere != true else { throw AccountError.tokenExists(token.name) }
        try database.execute(
            sql: "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            arguments: [
                digest.hex, token.id, owner.text, token.name,
                token.scope.rights.map(\.rawValue).sorted().joined(separator: " "),
                token.scope.collections?.sorted().joined(separator: " "), token.scope.device?.text,
                token.networks.map(\.description).joined(separator: " "),
                token.created.microseconds, token.expires?.microseconds,
            ])
    }
}

extension AccountTable {
    /// Notes a use where none was noted in the last minute.
    fileprivate mutating func noteUse(
        of digest: SecretDigest, from address: String?, at now: Timestamp
    ) {
        guard let token = tokens[digest] else { return }
        let minuteAgo = now.microseconds - 60_000_000
        if let last = token.lastUse, last.microseconds > minuteAgo { return }
        tokens[digest]?.lastUse = now
        tokens[digest]?.lastAddress = address
        usedTokens.insert(digest)
    }
}
