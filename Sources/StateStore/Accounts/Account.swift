public import Registry

/// Somebody who may come in, and what is known of them besides their secrets.
public struct Account: Hashable, Sendable {
    public enum Kind: String, Hashable, CaseIterable, Sendable {
        /// Comes in with a password, or with tokens.
        case person
        /// Comes in with tokens alone.
        case machine
    }

    public let name: AccountName
    public let kind: Kind
    /// Names of roles; what they may do is in `policy.json` of the repository.
    public internal(set) var roles: Set<String>
    public internal(set) var isDisabled: Bool
    /// Differs after each change of the password and tells nothing else of it; nil without one.
    public internal(set) var passwordMark: String?
    /// Whether the password was set by another, for one login.
    public internal(set) var mustChangePassword: Bool
    public let created: Timestamp

    public var hasPassword: Bool { passwordMark != nil }

    /// Whether it may do everything.
    public var isAdministrator: Bool { roles.contains(Caller.adminRole) }

    /// The shortest password; the longest has 1,024 bytes.
    public static let shortestPassword = 10
    static let longestPasswordBytes = 1_024
}

/// A way in for programs, without its secret.
public struct AccessToken: Hashable, Sendable {
    /// `tk_` and 16 hex digits, to name it by.
    public let id: String
    public let account: AccountName
    /// What its owner calls it; unique in the account.
    public let name: String
    /// What it allows at most.
    public let scope: AccessScope
    /// Where it may come from; empty for anywhere.
    public let networks: [AddressBlock]
    public let created: Timestamp
    /// Nil for never.
    public let expires: Timestamp?
    /// Known to the minute, and lost for the last minute by a crash.
    public internal(set) var lastUse: Timestamp?
    public internal(set) var lastAddress: String?

    public func isExpired(at now: Timestamp = .now) -> Bool { expires.map { $0 <= now } ?? false }
}

/// A browser in which somebody has logged in, without its secret.
public struct AccessSession: Hashable, Sendable {
    /// `se_` and 16 hex digits, to name it by.
    public let id: String
    public let account: AccountName
    public let created: Timestamp
    public internal(set) var lastUse: Timestamp
    /// Where it began.
    public let address: String?
    /// What the browser called itself then.
    public let browser: String

    /// Ends after so long without a request, and after so long in any case.
    static let idleMicroseconds: Int64 = 12 * 3_600 * 1_000_000
    static let longestMicroseconds: Int64 = 7 * 86_400 * 1_000_000

    /// When it ends unless it is used before.
    public var ends: Timestamp {
        Timestamp(
            microseconds: min(
                lastUse.microseconds &+ Self.idleMicroseconds,
                created.microseconds &+ Self.longestMicroseconds))
    }
}

/// Why something about accounts cannot be done; each description is one clear line.
public enum AccountError: Error, Hashable, Sendable, CustomStringConvertible {
    case exists(AccountName)
    case unknown(AccountName)
    case unknownToken(String)
    /// The account has a token of this name.
    case tokenExists(String)
    case machineWithPassword(AccountName)
    /// What is wrong with a password, a name or another value.
    case invalid(String)
    case state(StateError)

    public var description: String {
        switch self {
        case .exists(let name): "There is an account \(name) already."
        case .unknown(let name): "There is no account \(name)."
        case .unknownToken(let name): "There is no token \(name)."
        case .tokenExists(let name): "The account has a token \(name) already; choose another name."
        case .machineWithPassword(let name):
            "\(name) is a machine's account, which has no password; give it a token."
        case .invalid(let reason): reason
        case .state(let error): "\(error)"
        }
    }
}
