import FoundationEssentials
import HTTPTypes
import Hummingbird
import Registry
import StateStore

/// The field `Authorization`: `Bearer` and a token (RFC 6750), or `Basic` with an account and its
/// password, or one of its tokens in the password's place (RFC 7617), as git sends it.
struct AuthorizationField: WayIn {
    private let accounts: AccountStore

    init(_ accounts: AccountStore) { self.accounts = accounts }

    func caller(
        of request: Request, _ context: AppRequestContext
    ) async throws(AuthenticationError) -> Caller? {
        guard let (scheme, credentials) = request.authorization else {
            guard request.headers[.authorization] != nil else { return nil }
            throw AuthenticationError(.malformed, "The request has Authorization more than once.")
        }
        switch scheme {
        case "bearer": return try caller(token: credentials, context)
        case "basic": return try await caller(basic: credentials, context)
        default:
            throw AuthenticationError(
                .unknownScheme, "Authorization must be 'Bearer' and a token, or 'Basic'.")
        }
    }

    /// - Parameter owner: whose token it has to be; nil for anybody's.
    private func caller(
        token secret: String, of owner: String? = nil, _ context: AppRequestContext
    ) throws(AuthenticationError) -> Caller {
        let address = context.remoteAddress
        switch accounts.find(token: secret, from: address) {
        case .valid(let token, let account):
            if let owner, owner != account.name.text { break }
            return Caller(
                account: account.name, device: token.scope.device, roles: account.roles,
                scope: token.scope, way: .token, tokenName: token.name, address: address)
        case .expired(let token):
            throw AuthenticationError(
                .expiredToken, "The token has expired.", subject: token.id)
        case .elsewhere(let token):
            throw AuthenticationError(
                .foreignNetwork, "The token may not be used from this address.", subject: token.id)
        case .disabled(let token):
            throw AuthenticationError(
                .disabledAccount, "The token's account is disabled.", subject: token.id)
        case .unknown: break
        }
        if let seconds = accounts.limiter.noteWrongToken(from: address) {
            throw .tooManyFailures(seconds)
        }
        throw AuthenticationError(.unknownToken, "There is no such token, or it was revoked.")
    }

    private func caller(
        basic text: String, _ context: AppRequestContext
    ) async throws(AuthenticationError) -> Caller {
        guard
            let pair = Data(base64Encoded: text).flatMap({ String(validating: $0, as: UTF8.self) }),
            let colon = pair.utf8.firstIndex(of: UInt8(ascii: ":"))
        else {
            throw AuthenticationError(
                .malformed, "Basic takes the base64 of an account, a colon and a password.")
        }
        let name = String(pair[..<colon])
        let password = String(pair[pair.utf8.index(after: colon)...])
        if password.hasPrefix(HandedSecret.tokenPrefix) {
            return try caller(token: password, of: name, context)
        }
        let address = context.remoteAddress
        switch await accounts.logIn(name, password: password, from: address) {
        case .account(let account):
            guard !account.mustChangePassword else {
                throw AuthenticationError(
                    .temporaryPassword,
                    "The password is for one login; log in on the pages and choose another.")
            }
            return Caller(
                account: account.name, roles: account.roles, way: .password, address: address)
        case .wrong:
            // Of other names the log says nothing: people type passwords there.
            let known = AccountName(name).flatMap { accounts.account($0)?.name.text }
            throw AuthenticationError(
                .wrongPassword, "The name or the password is wrong.", subject: known)
        case .tooMany(let seconds): throw .tooManyFailures(seconds)
        case .busy: throw .busy
        }
    }
}

extension Request {
    /// The scheme of `Authorization`, in lower case, and what comes with it; nil where the field is
    /// not there, or more than once.
    var authorization: (scheme: String, credentials: String)? {
        let fields = headers[values: .authorization]
        guard let field = fields.first, fields.count == 1 else { return nil }
        // By bytes: it is read with each request.
        let bytes = field.utf8.drop { $0 == UInt8(ascii: " ") }
        let scheme = bytes.prefix { $0 != UInt8(ascii: " ") }
        let credentials = bytes[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
        return (Substring(scheme).lowercased(), String(Substring(credentials)))
    }
}
