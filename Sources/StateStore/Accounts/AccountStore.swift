internal import GRDB
public import Registry
internal import Synchronization

/// Who may come in, and how: accounts, their tokens, and the sessions of the pages.
///
/// In `accounts.sqlite` of the state directory (write-ahead log, synchronous FULL), and in memory,
/// where requests look. Commands of other processes write the same file: ``run()`` notices.
public final class AccountStore: Sendable {
    let database: StateDatabase
    let table = Mutex(AccountTable())
    let checks = PasswordChecks()
    /// Those who fail to log in, and how long they have to wait.
    public let limiter = LoginLimiter()
    let method: PasswordHash.Method
    private let nobody: PasswordHash

    /// Opens the file, or makes it.
    public convenience init(in directory: StateDirectory) throws(StateError) {
        try self.init(in: directory, hashing: .chosen)
    }

    /// - Parameter method: how new passwords are hashed; tests take a quick one.
    init(in directory: StateDirectory, hashing method: PasswordHash.Method) throws(StateError) {
        self.method = method
        nobody = .ofNobody(method)
        database = try StateDatabase("accounts.sqlite", in: directory, schema: AccountTable.schema)
        let first = try database.read { try AccountTable($0) }
        table.withLock { $0 = first }
    }

    /// Whether nobody has an account, so that nobody can be asked for one.
    public var isEmpty: Bool { table.withLock { $0.accounts.isEmpty } }

    /// All accounts by name.
    public var accounts: [Account] {
        table.withLock { $0.accounts.values.map(\.account) }.sorted { $0.name < $1.name }
    }

    public func account(_ name: AccountName) -> Account? {
        table.withLock { $0.accounts[name]?.account }
    }

    public func close() { database.close() }

    /// Whose password this is, if anybody's.
    ///
    /// Slow where the password was not found right before, away from the caller's thread, and as
    /// slow for names that nobody has. Failures make the next attempt wait; see ``LoginLimiter``.
    /// - Parameters:
    ///   - name: as it was typed.
    ///   - address: where the attempt comes from; nil for this machine.
    public func logIn(
        _ name: String, password: String, from address: String?
    ) async -> LoginOutcome {
        let name = AccountName(name)
        let entry = table.withLock { table in name.flatMap { table.accounts[$0] } }
        let hash = entry?.password ?? nobody
        guard password.utf8.count <= Account.longestPasswordBytes else { return .wrong }
        let proof = checks.proof(of: password, hash)
        let isAttempt = !checks.isKnown(proof)
        if isAttempt, let wait = limiter.begin(name, from: address) {
            return .tooMany(retryAfter: wait)
        }
        do throws(PasswordsBusy) {
            let isRight = try await checks.matches(password, hash, proof)
            guard isRight, let name else {
                limiter.fail(name, from: address)
                return .wrong
            }
            // What is known to be right excuses no guesses of others at the same address.
            if isAttempt { limiter.succeed(name, from: address) }
            // What happened while the hash was made counts: another password, the account's end.
            return table.withLock { table in
                guard let now = table.accounts[name], now.password == hash else { return .wrong }
                return now.account.isDisabled ? .wrong : .account(now.account)
            }
        } catch {
            if isAttempt { limiter.withdraw(name, from: address) }
            return .busy
        }
    }
}

/// What came of an attempt to log in.
public enum LoginOutcome: Hashable, Sendable {
    case account(Account)
    /// Unknown name, wrong password or a disabled account: which of these is not said.
    case wrong
    /// Too many attempts have failed: nothing was tried. The next may come after so many seconds.
    case tooMany(retryAfter: Int)
    /// The server is trying as many passwords as it has time for.
    case busy
}
