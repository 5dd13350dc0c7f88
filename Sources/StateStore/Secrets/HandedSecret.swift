internal import Crypto
internal import Registry

/// What a token or the cookie of a login is: 256 random bits, shown once to whom they are for.
public struct HandedSecret: Hashable, Sendable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// What every token begins with, so that those who look for secrets know one.
    public static let tokenPrefix = "muster_"

    /// `muster_` (tokens alone) and 64 hex digits.
    public let text: String

    static func newToken() -> HandedSecret {
        HandedSecret(text: tokenPrefix + lowercaseHex(randomBytes(32)))
    }

    static func newSession() -> HandedSecret { HandedSecret(text: lowercaseHex(randomBytes(32))) }

    /// Never the secret itself, so that no log can hold it.
    public var description: String { "HandedSecret" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// SHA-256 of a secret: what is stored of it, and what it is looked up by.
///
/// The secrets are random, so no salt and no slow hash would add to this; and where a lookup leaves
/// off tells of the hash alone.
struct SecretDigest: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(of secret: String) {
        var secret = secret
        let digest = secret.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
        words = digest.withUnsafeBytes {
            $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
        }
    }

    /// Reads 64 hex digits.
    init?(hex: String) {
        guard let bytes = hexBytes(hex), bytes.count == 32 else { return nil }
        words = bytes.withUnsafeBytes {
            $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
        }
    }

    var hex: String { withUnsafeBytes(of: words) { lowercaseHex($0) } }

    static func == (left: SecretDigest, right: SecretDigest) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
