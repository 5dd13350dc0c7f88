internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Registry

/// What is kept of a password: enough to know it again, too little to tell it.
///
/// As text `scrypt$15$8$1$<salt>$<digest>` (RFC 7914: log2 of N, r, p) or, for keys so random that
/// nobody guesses them and for rows of earlier versions, `pbkdf2-sha256$<rounds>$<salt>$<digest>`
/// (RFC 8018); salt and digest are hex. So what a hash costs can change, and old ones still count.
struct PasswordHash: Hashable, Sendable, CustomStringConvertible {
    /// How a digest is made.
    enum Method: Hashable, Sendable {
        /// Takes `2^log2 * r * 128` bytes of memory, and time in proportion to that and `p`.
        case scrypt(log2: Int, r: Int, p: Int)
        case pbkdf2(rounds: Int)

        /// For what people choose: about 50 ms and 32 MiB.
        static let chosen = Method.scrypt(log2: 15, r: 8, p: 1)
        /// For keys of 128 random bits and more.
        static let random = Method.pbkdf2(rounds: 1)
    }

    let method: Method
    private let salt: [UInt8]
    private let digest: [UInt8]
    /// As the state directory keeps it.
    let text: String

    /// Hashes a password under a new salt.
    init(of password: String, by method: Method) {
        let salt = randomBytes(16)
        self.init(method: method, salt: salt, digest: method.digest(of: password, salt: salt))
    }

    /// Reads what ``text`` wrote; nil where it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard let name = parts.first, let digest = parts.last.flatMap(hexBytes), !digest.isEmpty,
            let salt = parts.dropLast().last.flatMap(hexBytes)
        else { return nil }
        let numbers = parts.dropFirst().dropLast(2).map { Int($0) ?? 0 }
        let method: Method
        switch (name, numbers.count) {
        case ("scrypt", 3):
            guard (1...24).contains(numbers[0]), (1...64).contains(numbers[1]),
                (1...64).contains(numbers[2])
            else { return nil }
            method = .scrypt(log2: numbers[0], r: numbers[1], p: numbers[2])
        case ("pbkdf2-sha256", 1):
            guard (1...10_000_000).contains(numbers[0]) else { return nil }
            method = .pbkdf2(rounds: numbers[0])
        default: return nil
        }
        self.init(method: method, salt: salt, digest: digest)
    }

    /// One that no password has, and that takes as long to try as any.
    static func ofNobody(_ method: Method = .chosen) -> PasswordHash {
        PasswordHash(method: method, salt: randomBytes(16), digest: randomBytes(32))
    }

    private init(method: Method, salt: [UInt8], digest: [UInt8]) {
        self.method = method
        self.salt = salt
        self.digest = digest
        let end = "\(lowercaseHex(salt))$\(lowercaseHex(digest))"
        text =
            switch method {
            case .scrypt(let log2, let r, let p): "scrypt$\(log2)$\(r)$\(p)$\(end)"
            case .pbkdf2(let rounds): "pbkdf2-sha256$\(rounds)$\(end)"
            }
    }

    /// Whether it is this password's. Slow on purpose.
    func matches(_ password: String) -> Bool {
        areEqual(method.digest(of: password, salt: salt), digest)
    }

    /// Differs for two hashes, and tells nothing else of either.
    var mark: String { String(SecretDigest(of: text).hex.prefix(16)) }

    /// Not the hash, so that no log can hold it.
    var description: String { "PasswordHash(\(method))" }
}

extension PasswordHash.Method {
    /// 32 bytes.
    fileprivate func digest(of password: String, salt: [UInt8]) -> [UInt8] {
        switch self {
        case .scrypt(let log2, let r, let p):
            let key = try? KDF.Scrypt.deriveKey(
                from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << log2,
                blockSize: r, parallelism: p)
            // Without memory for it nothing is known: no password is right then.
            return key?.withUnsafeBytes { Array($0) } ?? randomBytes(32)
        case .pbkdf2(let rounds):
            return pbkdf2Digest(password, salt, rounds)
        }
    }
}

/// The first block of PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
func pbkdf2Digest(_ password: String, _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
    let secret = SymmetricKey(data: Array(password.utf8))
    var block = Array(HMAC<SHA256>.authenticationCode(for: salt + [0, 0, 0, 1], using: secret))
    var digest = block
    for _ in 1..<max(rounds, 1) {
        block = Array(HMAC<SHA256>.authenticationCode(for: block, using: secret))
        for place in digest.indices { digest[place] ^= block[place] }
    }
    return digest
}

/// In a time that says nothing about where they differ.
func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
}
