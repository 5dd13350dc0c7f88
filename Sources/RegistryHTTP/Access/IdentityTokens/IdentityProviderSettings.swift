/// Whose signed tokens are believed (OpenID Connect), and what they say of whom.
public struct IdentityProviderSettings: Hashable, Sendable {
    /// What a token's `iss` must be; also where the provider says where its keys are.
    public var issuer: String
    /// What a token's `aud` must be, or have among others.
    public var audience: String
    /// Where the keys are, an address or a file; nil asks the issuer (OpenID Connect Discovery 1.0).
    public var keys: String?
    /// The claim that names the account.
    public var accountClaim: String
    /// The claim that names the roles, a text or a list; nil leaves them to the account of that name.
    public var rolesClaim: String?

    public init(
        issuer: String, audience: String, keys: String? = nil,
        accountClaim: String = "preferred_username", rolesClaim: String? = nil
    ) {
        self.issuer = issuer
        self.audience = audience
        self.keys = keys
        self.accountClaim = accountClaim
        self.rolesClaim = rolesClaim
    }

    /// Whether keys may be fetched from an address: by https, or by http from this machine itself.
    public static func isAllowed(_ address: String) -> Bool {
        guard WebhookAddress(address) != nil else { return false }
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        return address.hasPrefix("https://")
            || local.contains { start in
                let rest = address.dropFirst(start.count).first
                return address.hasPrefix(start) && (rest == nil || rest == ":" || rest == "/")
            }
    }
}
