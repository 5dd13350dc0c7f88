import HTTPTypes
import Hummingbird
import Registry
import StateStore

/// `Authorization: Bearer` with a signed token of the identity provider (RFC 7519).
///
/// Its account need not be one of the server's; where it is, and is disabled, it does not get in.
struct IdentityTokenWay: WayIn {
    let provider: IdentityProvider
    let accounts: AccountStore?

    func caller(
        of request: Request, _ context: AppRequestContext
    ) async throws(AuthenticationError) -> Caller? {
        guard let text = Self.token(of: request) else { return nil }
        let settings = provider.settings
        let (name, roles): (AccountName, Set<String>?)
        do throws(IdentityTokenError) {
            let token = try await provider.verify(text)
            (name, roles) = (try token.account(settings), token.roles(settings))
        } catch {
            let reason: AuthenticationError.Reason =
                error == .keysUnavailable ? .identityProviderAway : .identityToken
            throw AuthenticationError(
                reason, error.explanation, retryAfter: error == .keysUnavailable ? 10 : nil)
        }
        let account = accounts?.account(name)
        guard account?.isDisabled != true else {
            throw AuthenticationError(.disabledAccount, "The token's account is disabled.")
        }
        return Caller(
            account: name, roles: roles ?? account?.roles ?? [], way: .identityToken,
            address: context.remoteAddress)
    }

    /// nil for tokens of the server's own, which have no dots.
    private static func token(of request: Request) -> String? {
        let fields = request.headers[values: .authorization]
        guard fields.count == 1, let parts = fields.first?.split(separator: " ", maxSplits: 1),
            parts.count == 2, parts[0].lowercased() == "bearer"
        else { return nil }
        let text = parts[1].trimmingPrefix { $0 == " " }
        return IdentityToken.looksLike(text) ? String(text) : nil
    }
}
