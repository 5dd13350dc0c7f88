internal import Registry

/// The keys that count, and when: a file as `ssh-keygen` reads it (ssh-keygen(1), ALLOWED SIGNERS).
///
/// In the repository it is `allowed_signers`; git finds it there by
/// `git config gpg.ssh.allowedSignersFile allowed_signers`.
struct AllowedSigners {
    static let path = Policy.signersPath

    /// The lines as they are; a comment, or one that makes no sense, names no signer.
    private var lines: [(text: String, signer: AllowedSigner?)]

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        lines = text.split(separator: "\n").map { (String($0), AllowedSigner(line: $0)) }
    }

    var bytes: [UInt8] { Array(lines.map { $0.text + "\n" }.joined().utf8) }
    var signers: [AllowedSigner] { lines.compactMap(\.signer) }

    /// Who signed with the key at a time, in seconds since 1970, if that counts.
    func signer(_ key: SSHPublicKey, at seconds: Int64) -> AllowedSigner? {
        signers.first { $0.key == key && $0.allowsGit(at: seconds) }
    }

    /// Whether the key is named at all.
    func names(_ key: SSHPublicKey) -> Bool { signers.contains { $0.key == key } }

    /// Adds a key for signatures of git alone.
    mutating func add(_ key: SSHPublicKey, for principal: String) {
        let signer = AllowedSigner(principals: principal, key: key)
        lines.append((signer.line, signer))
    }

    /// Lets a key count no longer for what is signed later; what was signed until then stays good.
    mutating func retire(_ key: SSHPublicKey, at seconds: Int64) {
        for (place, line) in lines.enumerated() {
            guard var signer = line.signer, signer.key == key, signer.allowsGit(at: seconds) else {
                continue
            }
            signer.retire(at: seconds)
            lines[place] = (signer.line, signer)
        }
    }
}
