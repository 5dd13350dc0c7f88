public import HTTPTypes
import Hummingbird
import StateStore

/// Why nobody is known by what a request carries, or why somebody has to be.
public struct AuthenticationError: AnswerableError, Hashable {
    /// For the log, which does not say more.
    public enum Reason: String, Hashable, Sendable {
        /// Strangers may not do this.
        case loginRequired = "login required"
        case malformed = "malformed credentials"
        case unknownScheme = "unknown kind of credentials"
        case wrongPassword = "wrong name or password"
        case temporaryPassword = "password not yet changed"
        case unknownToken = "unknown token"
        case expiredToken = "expired token"
        case foreignNetwork = "token from a network that it is not for"
        case foreignCertificate = "client certificate of no device"
        case identityToken = "identity token that is not believed"
        case identityProviderAway = "identity token that cannot be verified now"
        case disabledAccount = "disabled account"
        case tooManyFailures = "too many failed attempts"
        case busy = "too many logins at once"
    }

    public let reason: Reason
    /// What the client is told.
    public let explanation: String
    /// After how many seconds the next attempt may come.
    public let retryAfter: Int?
    /// Whose credential it was, for the log: an account that there is, or a token's id.
    let subject: String?

    init(
        _ reason: Reason, _ explanation: String, retryAfter: Int? = nil, subject: String? = nil
    ) {
        self.reason = reason
        self.explanation = explanation
        self.retryAfter = retryAfter
        self.subject = subject
    }

    /// Strangers may not do what is asked for.
    public static let loginRequired = AuthenticationError(
        .loginRequired, "This takes a login: a token, or an account and its password.")

    static func tooManyFailures(_ seconds: Int) -> AuthenticationError {
        AuthenticationError(
            .tooManyFailures,
            "Too many attempts to log in have failed; the next may come in \(seconds) s.",
            retryAfter: seconds)
    }

    static let busy = AuthenticationError(
        .busy, "The server is checking as many passwords as it can; try again in a moment.",
        retryAfter: 2)

    public var status: HTTPResponse.Status {
        switch reason {
        case .tooManyFailures: .tooManyRequests
        case .busy, .identityProviderAway: .serviceUnavailable
        default: .unauthorized
        }
    }

    /// `WWW-Authenticate` names both ways (RFC 7617; RFC 6750, section 3).
    public var fields: HTTPFields {
        var fields = HTTPFields()
        if let retryAfter { fields[.retryAfter] = "\(retryAfter)" }
        guard status == .unauthorized else { return fields }
        let isToken: Bool
        switch reason {
        case .unknownToken, .expiredToken, .foreignNetwork, .identityToken: isToken = true
        default: isToken = false
        }
        let detail =
            isToken ? ", error=\"invalid_token\", error_description=\"\(explanation)\"" : ""
        fields.append(
            HTTPField(name: .wwwAuthenticate, value: "Bearer realm=\"muster\"\(detail)"))
        fields.append(
            HTTPField(name: .wwwAuthenticate, value: "Basic realm=\"muster\", charset=\"UTF-8\""))
        fields[.cacheControl] = "no-store"
        return fields
    }
}
