internal import Crypto
internal import FoundationEssentials
internal import Glibc

/// Reads a backup; see ``BackupFormat``. Nothing comes out that was not written so.
final class BackupReader {
    private let path: String
    private let descriptor: Int32
    private let header: [UInt8]
    private let key: SymmetricKey
    /// Encrypted bytes after those that were opened.
    private var ahead: [UInt8] = []
    private var plain: ArraySlice<UInt8> = []
    private var chunks: UInt64 = 0
    private var isAtEnd = false

    init(_ path: String, passphrase: String) throws(BackupError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .failed("\(path): \(errorText(errno))") }
        self.path = path
        descriptor = file
        do throws(BackupError) {
            header = try Self.read(BackupFormat.headerBytes, from: file, path)
            key = try BackupFormat.key(passphrase, header)
            ahead = try Self.read(Self.sealedBytes, from: file, path)
        } catch {
            close(file)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Writes every file into `folder`.
    ///
    /// - Returns: their names.
    /// - Throws: also where the backup goes on after its end; what was written is of no use then.
    func unpack(into folder: String) throws(BackupError) -> [String] {
        var names: [String] = []
        while let length = try take(1).first, length > 0 {
            let name = String(validating: try take(Int(length)), as: UTF8.self) ?? ""
            guard StateBackup.isName(name), !names.contains(name) else { throw .damaged }
            let size = try take(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            try unpack(size, to: "\(folder)/\(name)")
            names.append(name)
        }
        guard plain.isEmpty, isAtEnd else { throw .damaged }
        return names
    }

    private func unpack(_ size: UInt64, to path: String) throws(BackupError) {
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .failed("\(path): \(errorText(errno))") }
        defer { close(file) }
        var rest = size
        while rest > 0 {
            if plain.isEmpty { try openChunk() }
            let piece = plain.prefix(Int(min(rest, UInt64(plain.count))))
            let count = piece.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .failed("\(path): \(errorText(errno))") }
            plain = plain.dropFirst(count)
            rest -= UInt64(count)
        }
        guard fsync(file) == 0 else { throw .failed("\(path): \(errorText(errno))") }
    }

    private func take(_ count: Int) throws(BackupError) -> [UInt8] {
        while plain.count < count {
            let before = plain
            try openChunk()
            plain = before + plain
        }
        defer { plain = plain.dropFirst(count) }
        return Array(plain.prefix(count))
    }

    /// Opens the next chunk.
    private func openChunk() throws(BackupError) {
        guard !isAtEnd, ahead.count >= BackupFormat.tagBytes else { throw .damaged }
        let sealed = ahead
        ahead = try Self.read(Self.sealedBytes, from: descriptor, path)
        isAtEnd = ahead.isEmpty
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: BackupFormat.nonce(chunks, isLast: isAtEnd),
                ciphertext: sealed.dropLast(BackupFormat.tagBytes),
                tag: sealed.suffix(BackupFormat.tagBytes))
            plain = try Array(ChaChaPoly.open(box, using: key, authenticating: header))[...]
        } catch {
            throw chunks == 0 ? .wrongPassphrase : .damaged
        }
        chunks += 1
    }

    private static let sealedBytes = BackupFormat.chunkBytes + BackupFormat.tagBytes

    /// So many bytes, or fewer at the end of the file.
    private static func read(
        _ count: Int, from file: Int32, _ path: String
    ) throws(BackupError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: filled), count - filled)
            }
            guard got >= 0 else { throw .failed("\(path): \(errorText(errno))") }
            if got == 0 { break }
            filled += got
        }
        return Array(bytes.prefix(filled))
    }
}
