import Crypto
import FoundationEssentials
import Registry

/// What the messages to one endpoint are signed with (Standard Webhooks): `whsec_` and the base64 of
/// 24 to 64 random bytes.
public struct WebhookSecret: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    static let prefix = "whsec_"

    public let text: String
    private let key: [UInt8]

    /// A new one, of 32 random bytes.
    public init() {
        key = randomBytes(32)
        text = Self.prefix + Data(key).base64EncodedString()
    }

    /// Reads one; nil where it is none.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            (24...64).contains(key.count)
        else { return nil }
        self.text = text
        self.key = Array(key)
    }

    /// Never the secret itself, so that no log can hold it.
    public var description: String { "WebhookSecret" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// `v1,` and the base64 of HMAC-SHA256 over `id.seconds.body`.
    public func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(seconds).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        return "v1," + Data(code).base64EncodedString()
    }
}
