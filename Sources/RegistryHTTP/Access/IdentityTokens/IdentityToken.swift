import JSON
import Registry

/// A signed token taken apart (RFC 7519; JWS compact serialization, RFC 7515); nothing of it is
/// verified yet.
struct IdentityToken: Sendable {
    /// The kinds of signatures that are believed; none of them needs a shared secret.
    enum Algorithm: String, CaseIterable, Sendable {
        case rs256 = "RS256"
        case es256 = "ES256"
        case edDSA = "EdDSA"
    }

    let text: String
    let algorithm: Algorithm
    let keyID: String?
    let claims: JSONObject

    /// Longer ones are not looked at.
    private static let longest = 16 << 10

    /// Whether a text has three parts, as no token of our own has.
    static func looksLike(_ text: some StringProtocol) -> Bool {
        text.utf8.count { $0 == UInt8(ascii: ".") } == 2
    }

    init(_ text: String) throws(IdentityTokenError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.count <= Self.longest else { throw .malformed }
        let header = try Self.object(parts[0])
        guard let name = header["alg"]?.text, let algorithm = Algorithm(rawValue: name) else {
            throw .algorithm
        }
        // Extensions that must be understood; none is.
        guard header["crit"] == nil else { throw .malformed }
        if let id = header["kid"], id.text == nil { throw .malformed }
        self.text = text
        self.algorithm = algorithm
        keyID = header["kid"]?.text
        claims = try Self.object(parts[1])
    }

    private static func object(_ part: Substring.UTF8View) throws(IdentityTokenError) -> JSONObject
    {
        guard let bytes = base64URLBytes(part),
            let value = try? JSONValue(parsing: bytes, options: .document),
            let object = value.object
        else { throw .malformed }
        return object
    }
}

/// Why a token is not believed; the text is for its owner.
enum IdentityTokenError: Error, Hashable {
    case malformed
    case algorithm
    case unknownKey
    case signature
    case issuer
    case audience
    case expired
    case notYet
    case noAccount(claim: String)
    case keysUnavailable

    var explanation: String {
        switch self {
        case .malformed: "The token is no JSON Web Token."
        case .algorithm: "The token's signature is none of RS256, ES256 and EdDSA."
        case .unknownKey: "The identity provider has no such key as the token was signed with."
        case .signature: "The token's signature is wrong."
        case .issuer: "The token was issued by another provider."
        case .audience: "The token was issued for another service."
        case .expired: "The token has expired, or does not say when it does."
        case .notYet: "The token is not valid yet."
        case .noAccount(let claim):
            "The token's claim '\(claim)' is no name of an account: 1 to 64 of a-z 0-9 . _ -"
        case .keysUnavailable: "The keys of the identity provider cannot be read just now."
        }
    }
}
