internal import GRDB
public import Registry
internal import Synchronization

extension AccountStore {
    /// Begins a session of the pages, for somebody who has just logged in.
    ///
    /// - Parameter browser: what it calls itself; 200 characters of it are kept.
    /// - Returns: what the cookie holds, and the session.
    public func openSession(
        for account: AccountName, from address: String?, browser: String, now: Timestamp = .now
    ) throws(AccountError) -> (secret: HandedSecret, session: AccessSession) {
        let secret = HandedSecret.newSession()
        let digest = SecretDigest(of: secret.text)
        let plain = browser.unicodeScalars.filter { !$0.isControl }.prefix(200)
        let session = AccessSession(
            id: "se_" + lowercaseHex(randomBytes(8)), account: account, created: now, lastUse: now,
            address: address, browser: String(String.UnicodeScalarView(plain)))
        try write { database in
            guard try database.hasAccount(account) else { throw AccountError.unknown(account) }
            try database.execute(
                sql: "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    digest.hex, session.id, account.text, now.microseconds, now.microseconds,
                    address, session.browser,
                ])
        } then: { table in
            table.sessions[digest] = session
        }
        return (secret, session)
    }

    /// The session of a cookie, and whose it is; nil where it has ended or never was.
    ///
    /// - Parameter isUse: whether it counts as a use, which puts its end off.
    public func session(
        _ secret: String, isUse: Bool = true, now: Timestamp = .now
    ) -> (session: AccessSession, account: Account)? {
        let digest = SecretDigest(of: secret)
        return table.withLock { table in
            guard let session = table.sessions[digest], now < session.ends,
                let account = table.accounts[session.account]?.account, !account.isDisabled
            else { return nil }
            if isUse, now > session.lastUse {
                table.sessions[digest]?.lastUse = now
                table.usedSessions.insert(digest)
            }
            return (session, account)
        }
    }

    /// The sessions of an account that have not ended, the latest first.
    public func sessions(of account: AccountName, now: Timestamp = .now) -> [AccessSession] {
        table.withLock { table in
            table.sessions.values.filter { $0.account == account && now < $0.ends }
        }.sorted { ($1.lastUse, $1.id) < ($0.lastUse, $0.id) }
    }

    /// Ends the session of a cookie; one that has ended already is well so.
    public func closeSession(_ secret: String) throws(AccountError) {
        let digest = SecretDigest(of: secret)
        try write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE digest = ?", arguments: [digest.hex])
        } then: { table in
            table.sessions[digest] = nil
        }
    }

    /// Ends one session of an account, by its id.
    public func closeSession(id: String, of account: AccountName) throws(AccountError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE id = ? AND account = ?",
                arguments: [id, account.text])
        } then: { table in
            table.removeSessions { $0.id == id && $0.account == account }
        }
    }

    /// Ends all sessions of an account but the one of `secret`.
    public func closeSessions(
        of account: AccountName, except secret: String? = nil
    ) throws(AccountError) {
        let kept = secret.map { SecretDigest(of: $0) }
        try write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE account = ? AND digest <> ?",
                arguments: [account.text, kept?.hex ?? ""])
        } then: { table in
            table.sessions = table.sessions.filter { $0.value.account != account || $0.key == kept }
        }
    }
}
