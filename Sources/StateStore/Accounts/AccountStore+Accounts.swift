internal import GRDB
public import Registry
internal import Synchronization

extension AccountStore {
    /// Adds an account.
    ///
    /// - Parameters:
    ///   - password: nil for machines, and for people who will come in another way.
    ///   - mustChange: the password is for one login.
    @discardableResult
    public func add(
        _ name: AccountName, _ kind: Account.Kind, roles: Set<String>, password: String? = nil,
        mustChange: Bool = false, now: Timestamp = .now
    ) throws(AccountError) -> Account {
        try Self.check(roles)
        if password != nil, kind == .machine { throw .machineWithPassword(name) }
        let hash = try password.map { (text) throws(AccountError) in try newHash(text, of: name) }
        let account = Account(
            name: name, kind: kind, roles: roles, isDisabled: false, passwordMark: hash?.mark,
            mustChangePassword: hash != nil && mustChange, created: now)
        try write { database in
            guard try !database.hasAccount(name) else { throw AccountError.exists(name) }
            try database.execute(
                sql: "INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    name.text, kind.rawValue, roles.sorted().joined(separator: " "), hash?.text,
                    account.mustChangePassword, false, now.microseconds,
                ])
        } then: { table in
            table.accounts[name] = AccountTable.Entry(account: account, password: hash)
        }
        return account
    }

    /// Gives a person another password, and ends all sessions but the one of `secret`.
    ///
    /// - Parameter mustChange: the password is for one login.
    public func setPassword(
        _ password: String, of name: AccountName, mustChange: Bool = false,
        keepingSession secret: String? = nil
    ) throws(AccountError) {
        guard let account = account(name) else { throw .unknown(name) }
        guard account.kind == .person else { throw .machineWithPassword(name) }
        let hash = try newHash(password, of: name)
        let kept = secret.map { SecretDigest(of: $0) }
        try write { database in
            try database.execute(
                sql: "UPDATE account SET password = ?, must_change = ? WHERE name = ?",
                arguments: [hash.text, mustChange, name.text])
            guard database.changesCount > 0 else { throw AccountError.unknown(name) }
            try database.execute(
                sql: "DELETE FROM session WHERE account = ? AND digest <> ?",
                arguments: [name.text, kept?.hex ?? ""])
        } then: { table in
            table.accounts[name]?.password = hash
            table.accounts[name]?.account.passwordMark = hash.mark
            table.accounts[name]?.account.mustChangePassword = mustChange
            table.sessions = table.sessions.filter { $0.value.account != name || $0.key == kept }
        }
    }

    /// Gives an account other roles.
    public func setRoles(_ roles: Set<String>, of name: AccountName) throws(AccountError) {
        try Self.check(roles)
        try write { database in
            try database.execute(
                sql: "UPDATE account SET roles = ? WHERE name = ?",
                arguments: [roles.sorted().joined(separator: " "), name.text])
            guard database.changesCount > 0 else { throw AccountError.unknown(name) }
        } then: { table in
            table.accounts[name]?.account.roles = roles
        }
    }

    /// Shuts an account out, which ends its sessions and stops its tokens, or lets it in again.
    public func setDisabled(_ isDisabled: Bool, _ name: AccountName) throws(AccountError) {
        try write { database in
            try database.execute(
                sql: "UPDATE account SET disabled = ? WHERE name = ?",
                arguments: [isDisabled, name.text])
            guard database.changesCount > 0 else { throw AccountError.unknown(name) }
            guard isDisabled else { return }
            try database.execute(
                sql: "DELETE FROM session WHERE account = ?", arguments: [name.text])
        } then: { table in
            table.accounts[name]?.account.isDisabled = isDisabled
            if isDisabled { table.removeSessions { $0.account == name } }
        }
    }

    /// Removes an account with its tokens and sessions.
    public func remove(_ name: AccountName) throws(AccountError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM account WHERE name = ?", arguments: [name.text])
            guard database.changesCount > 0 else { throw AccountError.unknown(name) }
        } then: { table in
            table.accounts[name] = nil
            table.removeTokens { $0.account == name }
            table.removeSessions { $0.account == name }
        }
    }

    private static func check(_ roles: Set<String>) throws(AccountError) {
        guard let wrong = roles.sorted().first(where: { !Caller.isRoleName($0) }) else { return }
        throw .invalid("'\(wrong)' is no name of a role: a-z 0-9 . _ -, at most 64.")
    }

    private func newHash(
        _ password: String, of name: AccountName
    ) throws(AccountError) -> PasswordHash {
        guard password.unicodeScalars.count >= Account.shortestPassword else {
            throw .invalid("A password has at least \(Account.shortestPassword) characters.")
        }
        guard password.utf8.count <= Account.longestPasswordBytes else {
            throw .invalid("A password has at most \(Account.longestPasswordBytes) bytes.")
        }
        guard !password.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { throw .invalid("A password has no control characters.") }
        guard password.lowercased() != name.text else {
            throw .invalid("The password must not be the account's name.")
        }
        return PasswordHash(of: password, by: method)
    }

    /// Writes the file, then memory, before another writes either.
    func write(
        _ work: (Database) throws -> Void, then apply: (inout AccountTable) -> Void
    ) throws(AccountError) {
        do {
            try database.write(work) { table.withLock { apply(&$0) } }
        } catch let error as AccountError {
            throw error
        } catch let error as StateError {
            throw .state(error)
        } catch {
            throw .state(.unusable(path: database.path, reason: "\(error)"))
        }
    }
}
