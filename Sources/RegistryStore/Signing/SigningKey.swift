internal import Crypto
internal import Git
internal import Registry

/// The server's own key (Ed25519): the file `signing-key` of the state directory, mode 0600, 64 hex
/// digits.
struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    private static let fileName = "signing-key"

    var publicKey: SSHPublicKey { SSHPublicKey(ed25519: key.publicKey) }

    /// A new key, which no file holds yet.
    init() { key = Curve25519.Signing.PrivateKey() }

    /// - Returns: nil where there is no key yet.
    init?(in directory: String) throws(RegistryError) {
        let path = "\(directory)/\(Self.fileName)"
        let bytes: [UInt8]
        do throws(FileError) {
            guard let found = try FileSystem.read(path, limit: 4096) else { return nil }
            bytes = found
        } catch {
            throw .storage(reason: "the signing key cannot be read: \(error)")
        }
        guard let facts = FileFacts(at: path), facts.permissions & 0o077 == 0 else {
            throw .storage(reason: "others may read the signing key: chmod go-rwx \(path)")
        }
        let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
        guard let raw = hexBytes(text),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else {
            throw .storage(reason: "\(path) holds no key; without the file a new one is made")
        }
        self.key = key
    }

    /// Puts the key in the place of the one before.
    func keep(in directory: String) throws(RegistryError) {
        let text = lowercaseHex(Array(key.rawRepresentation)) + "\n"
        do throws(FileError) {
            try FileSystem.makeFolder(directory, permissions: 0o700)
            try FileSystem.replace(
                "\(directory)/\(Self.fileName)", Array(text.utf8), permissions: 0o600)
            try FileSystem.flush(folder: directory)
        } catch {
            throw .storage(reason: "the signing key cannot be written: \(error)")
        }
    }

    /// The commit with a signature of this key over all of it, and by its parents' ids over all that
    /// was before.
    func signed(_ commit: Commit) -> Commit {
        var commit = commit
        commit.signature = nil
        commit.signature = (try? SSHSignature(of: commit.bytes, by: key))?.armored
        return commit
    }
}
