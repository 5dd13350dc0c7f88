/// Who sends a request, and how that was found out.
public struct Caller: Hashable, Sendable {
    /// How a caller was recognized.
    public enum Way: String, Hashable, Sendable {
        /// Not at all.
        case none
        /// By name and password (HTTP Basic).
        case password
        /// By one of Muster's own tokens.
        case token
        /// By the cookie of a login on the pages.
        case session
        /// By the client certificate of the connection.
        case certificate
        /// By the signed token of an identity provider (OIDC).
        case identityToken = "identity-token"
    }

    /// The account; nil for the anonymous, and for devices that have none.
    public var account: AccountName?
    /// The device that the caller proved to be, by certificate or token.
    public var device: DocumentID?
    /// Names of roles, as `policy.json` defines them; ``adminRole`` is every registry's.
    public var roles: Set<String>
    public var scope: AccessScope
    public var way: Way
    /// The name of the token, for the audit log.
    public var tokenName: String?
    /// Where the request comes from; nil for a Unix socket.
    public var address: String?
    /// Whether the server was left open, so that nobody is asked for anything.
    public var isUnrestricted: Bool

    public init(
        account: AccountName? = nil, device: DocumentID? = nil, roles: Set<String> = [],
        scope: AccessScope = .everything, way: Way = .none, tokenName: String? = nil,
        address: String? = nil, isUnrestricted: Bool = false
    ) {
        self.account = account
        self.device = device
        self.roles = roles
        self.scope = scope
        self.way = way
        self.tokenName = tokenName
        self.address = address
        self.isUnrestricted = isUnrestricted
    }

    /// The role that may do everything.
    public static let adminRole = "admin"

    /// Whether a role can be called so: as accounts are.
    package static func isRoleName(_ text: String) -> Bool { AccountName(text) != nil }

    /// Somebody of whom nothing is known.
    public static func anonymous(at address: String?) -> Caller { Caller(address: address) }

    /// Somebody on a server that asks nobody: it has no accounts.
    public static func unrestricted(at address: String?) -> Caller {
        Caller(address: address, isUnrestricted: true)
    }

    public var isAnonymous: Bool { account == nil && device == nil }

    /// Whom commits name; nil leaves it to what the request says.
    public var author: Author? {
        if let account { return .account(account) }
        return device.map { .device($0) }
    }
}
