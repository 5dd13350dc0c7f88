public import HTTPTypes
import Registry
public import StateStore

/// Why a page of accounts is not shown, or a form of theirs not done.
enum AccessPageError: AnswerableError {
    /// Nobody is asked who they are, so there is nothing to manage.
    case noAccounts
    case noLogin
    /// Known by another way than a login in a browser.
    case notInBrowser
    case notAdministrator
    case unknownAccount(String)
    /// An administrator would take something from themselves.
    case ownAccount
    case wrongValue(String)

    var status: HTTPResponse.Status {
        switch self {
        case .noAccounts, .unknownAccount: .notFound
        case .noLogin: .unauthorized
        case .notInBrowser, .notAdministrator: .forbidden
        case .ownAccount: .conflict
        case .wrongValue: .unprocessableContent
        }
    }

    var fields: HTTPFields {
        guard case .noLogin = self else { return [:] }
        return AuthenticationError.loginRequired.fields
    }

    var explanation: String {
        switch self {
        case .noAccounts:
            "Nobody has an account here, so nobody is asked for one; muster account add makes the first."
        case .noLogin: "You have to log in for this."
        case .notInBrowser:
            "Accounts are managed on the pages by who has logged in there; programs use muster account."
        case .notAdministrator: "Only administrators manage accounts."
        case .unknownAccount(let name): "There is no account \(name)."
        case .ownAccount:
            "That would take your own account away from you; another administrator, or muster account, can."
        case .wrongValue(let reason): reason
        }
    }
}

/// What is known of whoever looks at a page of accounts.
struct LoggedIn: Sendable {
    let account: Account
    /// What the cookie holds.
    let secret: String
}

extension PageCall {
    /// The accounts; where there are none nobody is asked for one.
    var accounts: AccountStore {
        get throws(AccessPageError) {
            guard let accounts = services.accounts, !context.caller.isUnrestricted else {
                throw .noAccounts
            }
            return accounts
        }
    }

    /// Whoever has logged in by this browser.
    ///
    /// Tokens manage nothing: one that allows little could make one that allows more.
    var loggedIn: LoggedIn {
        get throws(AccessPageError) {
            let accounts = try accounts
            let caller = context.caller
            guard let name = caller.account else { throw .noLogin }
            guard caller.way == .session, case .session(let secret) = browser,
                let account = accounts.account(name)
            else { throw .notInBrowser }
            return LoggedIn(account: account, secret: secret)
        }
    }

    /// The same for those who may manage the accounts of others.
    var administrator: LoggedIn {
        get throws(AccessPageError) {
            let reader = try loggedIn
            guard context.mayAdminister else {
                context.audit("accounts", denied: "not an administrator", subject: path.raw)
                throw .notAdministrator
            }
            return reader
        }
    }
}

extension AccountError: AnswerableError {
    public var status: HTTPResponse.Status {
        switch self {
        case .exists, .tokenExists: .conflict
        case .unknown, .unknownToken: .notFound
        case .machineWithPassword, .invalid: .unprocessableContent
        case .state: .serviceUnavailable
        }
    }

    public var explanation: String {
        guard case .state = self else { return "\(self)" }
        return "The accounts cannot be read or written now; the log says why."
    }
}
