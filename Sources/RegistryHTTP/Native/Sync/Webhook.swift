import Crypto
import Glibc
import HTTPTypes
import JSON
import Registry

/// What a git host sends when something happens to a repository: GitHub, Gitea, Forgejo, GitLab.
struct Webhook {
    enum Meaning: Hashable {
        /// The branch may have moved.
        case change
        /// The host tries whether the address works.
        case greeting
        case other
    }

    /// A signed time may be so far from ours.
    private static let clockSeconds = 300

    let fields: HTTPFields
    let body: [UInt8]

    /// Whether whoever sent this knows the secret.
    ///
    /// Comparing takes as long for a wrong signature as for a right one.
    func isSigned(with secret: String, now: Int = time(nil)) -> Bool {
        let key = SymmetricKey(data: Array(secret.utf8))
        if let token = fields[.gitlabToken] {
            return Self.code(Array(token.utf8), key) == Self.code(Array(secret.utf8), key)
        }
        if let signatures = fields[.webhookSignature] {
            return isSigned(signatures, with: secret, now: now)
        }
        if let signature = fields[.hubSignature] {
            guard signature.hasPrefix("sha256=") else { return false }
            return Self.isValid(hex: signature.dropFirst(7), of: body, key)
        }
        guard let signature = fields[.giteaSignature] else { return false }
        return Self.isValid(hex: signature[...], of: body, key)
    }

    /// Standard Webhooks, as newer GitLab signs: `v1,<base64>` of id, time and body; several when the
    /// secret is being changed.
    private func isSigned(_ signatures: String, with secret: String, now: Int) -> Bool {
        guard let id = fields[.webhookID], let text = fields[.webhookTimestamp],
            let time = Int(text), (-Self.clockSeconds...Self.clockSeconds).contains(now &- time)
        else { return false }
        let prefix = "whsec_"
        let given =
            secret.hasPrefix(prefix)
            ? base64Decoded(secret.dropFirst(prefix.count)) : Array(secret.utf8)
        guard let given else { return false }
        let signed = Array("\(id).\(text).".utf8) + body
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = base64Decoded(signature.dropFirst(3))
            else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed, using: SymmetricKey(data: given))
        }
    }

    /// What has happened, as far as it concerns a branch.
    func meaning(forBranch branch: String) -> Meaning {
        let content = try? JSONValue(parsing: body, options: .document)
        switch event {
        case "ping": return .greeting
        case "push", "Push Hook":
            let reference = content?["ref"]?.text
            return reference == nil || reference == "refs/heads/\(branch)" ? .change : .other
        case "pull_request":
            guard content?["action"]?.text == "closed" else { return .other }
            return content?["pull_request"]?["merged"]?.bool == false ? .other : .change
        case "Merge Request Hook":
            return content?["object_attributes"]?["action"]?.text == "merge" ? .change : .other
        default: return .other
        }
    }

    private var event: String? {
        fields[.giteaEvent] ?? fields[.forgejoEvent] ?? fields[.githubEvent] ?? fields[.gitlabEvent]
    }

    private static func code(_ bytes: [UInt8], _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: bytes, using: key)
    }

    private static func isValid(
        hex text: Substring, of body: [UInt8], _ key: SymmetricKey
    ) -> Bool {
        guard let code = hexBytes(text), code.count == 32 else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
    }
}

/// The bytes of base64 (RFC 4648, section 4); nil where the text is none.
func base64Decoded(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var digits = Array(text.utf8)
    guard digits.count % 4 == 0 else { return nil }
    while digits.last == UInt8(ascii: "="), digits.count % 4 != 2 {
        digits.removeLast()
    }
    for digit in digits {
        let value: UInt8
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    return bytes
}

extension HTTPField.Name {
    static let hubSignature = knownName("X-Hub-Signature-256")
    static let giteaSignature = knownName("X-Gitea-Signature")
    static let gitlabToken = knownName("X-Gitlab-Token")
    static let webhookID = knownName("webhook-id")
    static let webhookTimestamp = knownName("webhook-timestamp")
    static let webhookSignature = knownName("webhook-signature")
    static let githubEvent = knownName("X-GitHub-Event")
    static let giteaEvent = knownName("X-Gitea-Event")
    static let forgejoEvent = knownName("X-Forgejo-Event")
    static let gitlabEvent = knownName("X-Gitlab-Event")
}
