internal import Crypto
internal import Registry

/// A public key as OpenSSH names it, of any kind: `ssh-ed25519 AAAA...`.
struct SSHPublicKey: Hashable, Sendable, CustomStringConvertible {
    /// `ssh-ed25519`, `ssh-rsa`, `sk-ssh-ed25519@openssh.com` and others.
    let kind: String
    /// What base64 shows (RFC 4253, section 6.6).
    let blob: [UInt8]

    static let ed25519 = "ssh-ed25519"

    init?(blob: [UInt8]) {
        var reader = SSHReader(blob)
        guard let kind = reader.text() else { return nil }
        self.kind = kind
        self.blob = blob
    }

    init(ed25519 key: Curve25519.Signing.PublicKey) {
        var writer = SSHWriter()
        writer.write(Self.ed25519.utf8)
        writer.write(Array(key.rawRepresentation))
        kind = Self.ed25519
        blob = writer.bytes
    }

    /// The key where it is one of Ed25519 (RFC 8709), the only kind that is verified here.
    var ed25519: Curve25519.Signing.PublicKey? {
        var reader = SSHReader(blob)
        guard reader.text() == Self.ed25519, let raw = reader.string(), reader.isAtEnd else {
            return nil
        }
        return try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
    }

    /// What `ssh-keygen -l` shows: `SHA256:` and base64 without padding.
    var fingerprint: String {
        "SHA256:" + base64Text(Array(SHA256.hash(data: blob))).prefix { $0 != "=" }
    }

    var description: String { "\(kind) \(base64Text(blob))" }
}
