internal import Crypto
internal import Registry

/// A signature as `ssh-keygen -Y sign` makes it (OpenSSH, PROTOCOL.sshsig).
struct SSHSignature {
    let key: SSHPublicKey
    /// What it was made for; git's is `git`.
    let namespace: String
    /// `sha512` or `sha256`: what the content was hashed with.
    let hash: String
    /// The kind of the signature, and its bytes (RFC 4253, section 6.6).
    private let signature: [UInt8]

    static let gitNamespace = "git"
    private static let magic = Array("SSHSIG".utf8)
    private static let first = "-----BEGIN SSH SIGNATURE-----"
    private static let last = "-----END SSH SIGNATURE-----"

    init(
        of content: [UInt8], by key: Curve25519.Signing.PrivateKey,
        namespace: String = gitNamespace
    ) throws {
        self.key = SSHPublicKey(ed25519: key.publicKey)
        self.namespace = namespace
        hash = "sha512"
        let signed = Self.signedBytes(content, namespace, hash) ?? []
        var writer = SSHWriter()
        writer.write(SSHPublicKey.ed25519.utf8)
        writer.write(Array(try key.signature(for: signed)))
        signature = writer.bytes
    }

    /// Reads the lines of a signature; nil where they are none.
    init?(armored text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == Self.first[...], lines.last == Self.last[...], lines.count > 2,
            let blob = base64Bytes(lines.dropFirst().dropLast().joined().utf8)
        else { return nil }
        var reader = SSHReader(blob)
        guard reader.skip(Self.magic), reader.number() == 1,
            let key = reader.string().flatMap({ SSHPublicKey(blob: $0) }),
            let namespace = reader.text(), reader.string() != nil, let hash = reader.text(),
            let signature = reader.string(), reader.isAtEnd
        else { return nil }
        self.key = key
        self.namespace = namespace
        self.hash = hash
        self.signature = signature
    }

    /// Lines of 70 characters between the two that OpenSSH looks for, without a final newline.
    var armored: String {
        var writer = SSHWriter(Self.magic)
        writer.write(1)
        writer.write(key.blob)
        writer.write(namespace.utf8)
        writer.write([])
        writer.write(hash.utf8)
        writer.write(signature)
        var lines = [Self.first]
        var rest = base64Text(writer.bytes)[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(70)))
            rest = rest.dropFirst(70)
        }
        return (lines + [Self.last]).joined(separator: "\n")
    }

    /// Whether it is the key's, an Ed25519 one, over `content`; whether the key counts is another
    /// question.
    func isValid(for content: [UInt8]) -> Bool {
        var reader = SSHReader(signature)
        guard let key = key.ed25519, reader.text() == SSHPublicKey.ed25519,
            let raw = reader.string(), reader.isAtEnd,
            let signed = Self.signedBytes(content, namespace, hash)
        else { return false }
        return key.isValidSignature(raw, for: signed)
    }

    /// What is signed: not the content but its hash, and what the signature is for.
    private static func signedBytes(
        _ content: [UInt8], _ namespace: String, _ hash: String
    ) -> [UInt8]? {
        let digest: [UInt8]
        switch hash {
        case "sha512": digest = Array(SHA512.hash(data: content))
        case "sha256": digest = Array(SHA256.hash(data: content))
        default: return nil
        }
        var writer = SSHWriter(magic)
        writer.write(namespace.utf8)
        writer.write([])
        writer.write(hash.utf8)
        writer.write(digest)
        return writer.bytes
    }
}
