internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Registry

/// The layout of a backup file.
///
///     16 bytes  "muster-state v1\n"
///     16 bytes  salt
///      4 bytes  scrypt (RFC 7914): log2 of N, r, p; zero
///     chunks    ChaCha20-Poly1305 (RFC 8439) of 64 KiB each, the last of 0 to 64 KiB, with its tag
///
/// The key is scrypt's from passphrase and salt. A chunk's nonce is its number, 11 bytes big-endian,
/// and a byte that is 1 for the last chunk alone; the 36 bytes before the chunks are authenticated with
/// each. So chunks that are missing, moved, repeated or cut off do not open (as in age and STREAM).
///
/// Inside: for each file the length of its name (1 byte), the name, its size (8 bytes, big-endian) and
/// its content; at the end a zero byte.
enum BackupFormat {
    static let magic = Array("muster-state v1\n".utf8)
    static let headerBytes = 36
    static let chunkBytes = 64 << 10
    static let tagBytes = 16

    /// 128 MiB and about half a second.
    static let parameters: [UInt8] = [17, 8, 1, 0]

    static func header(parameters: [UInt8] = parameters) -> [UInt8] {
        magic + randomBytes(16) + parameters
    }

    /// The key of a file that begins so.
    ///
    /// - Throws: also where making it would take more than 1 GiB.
    static func key(
        _ passphrase: String, _ header: [UInt8]
    ) throws(BackupError) -> SymmetricKey {
        guard header.count == headerBytes, header.starts(with: magic) else { throw .noBackup }
        let (log2, r, p) = (Int(header[32]), Int(header[33]), Int(header[34]))
        guard (1...20).contains(log2), (1...32).contains(r), (1...4).contains(p),
            header[35] == 0, (128 * r) << log2 <= 1 << 30
        else { throw .damaged }
        do {
            return try KDF.Scrypt.deriveKey(
                from: Array(passphrase.utf8), salt: Array(header[16..<32]), outputByteCount: 32,
                rounds: 1 << log2, blockSize: r, parallelism: p)
        } catch {
            throw .failed("There is not enough memory to make the key.")
        }
    }

    static func nonce(_ number: UInt64, isLast: Bool) throws -> ChaChaPoly.Nonce {
        let bytes = [0, 0, 0] + bigEndian(number) + [isLast ? 1 : 0]
        return try ChaChaPoly.Nonce(data: bytes)
    }

    static func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }
}

/// Why a backup was not made or not taken; each description is one clear line.
public enum BackupError: Error, Hashable, Sendable, CustomStringConvertible {
    case noBackup
    /// The passphrase is another, or the file's begin is damaged: nothing tells which.
    case wrongPassphrase
    case damaged
    case weakPassphrase
    /// What could not be done, and why.
    case failed(String)

    public var description: String {
        switch self {
        case .noBackup: "The file is no backup that `muster state backup` made."
        case .wrongPassphrase: "The passphrase is wrong, or the file is damaged at its beginning."
        case .damaged: "The backup is damaged or not complete."
        case .weakPassphrase:
            "The passphrase must have at least \(Account.shortestPassword) characters."
        case .failed(let reason): reason
        }
    }
}
