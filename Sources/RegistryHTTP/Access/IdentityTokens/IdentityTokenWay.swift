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
        // Tokens of the server's own have no dots.
        guard let (scheme, text) = request.authorization, scheme == "bearer",
            IdentityToken.looksLike(text)
        else { return nil }
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
}
