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
            ? base64Bytes(secret.utf8.dropFirst(prefix.utf8.count), allowsSpace: false)
            : Array(secret.utf8)
        guard let given else { return false }
        let signed = Array("\(id).\(text).".utf8) + body
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"),
                let code = base64Bytes(signature.utf8.dropFirst(3), allowsSpace: false)
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
