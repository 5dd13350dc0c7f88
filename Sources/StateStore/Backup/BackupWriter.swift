internal import Crypto
internal import FoundationEssentials
internal import Glibc

/// Writes a backup: files go in, encrypted chunks come out; see ``BackupFormat``.
final class BackupWriter {
    private let path: String
    private let descriptor: Int32
    private let header: [UInt8]
    private let key: SymmetricKey
    private var waiting: [UInt8] = []
    private var chunks: UInt64 = 0

    /// Makes the file, which only its owner reads.
    init(
        to path: String, passphrase: String, parameters: [UInt8] = BackupFormat.parameters
    ) throws(BackupError) {
        self.path = path
        header = BackupFormat.header(parameters: parameters)
        key = try BackupFormat.key(passphrase, header)
        descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed("\(path): \(errorText(errno))") }
        try write(header)
    }

    deinit { close(descriptor) }

    /// Adds the file at `source`.
    func add(_ name: String, from source: String) throws(BackupError) {
        let file = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw .failed("\(source): \(errorText(errno))") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .failed("\(source): \(errorText(errno))") }
        let size = UInt64(max(0, status.st_size))
        try add([UInt8(truncatingIfNeeded: name.utf8.count)] + Array(name.utf8))
        try add(BackupFormat.bigEndian(size))
        var rest = size
        var buffer = [UInt8](repeating: 0, count: BackupFormat.chunkBytes)
        while rest > 0 {
            let most = Int(min(rest, UInt64(buffer.count)))
            let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, most) }
            guard count > 0 else {
                throw .failed("\(source): \(count < 0 ? errorText(errno) : "it became shorter")")
            }
            try add(buffer[..<count])
            rest -= UInt64(count)
        }
    }

    /// Ends the file and flushes it.
    func finish() throws(BackupError) {
        try add([0])
        try seal(waiting, isLast: true)
        guard fsync(descriptor) == 0 else { throw .failed("\(path): \(errorText(errno))") }
    }

    private func add(_ bytes: some Collection<UInt8>) throws(BackupError) {
        waiting += bytes
        // The last chunk is sealed at the end alone, so a full one may wait.
        while waiting.count > BackupFormat.chunkBytes {
            try seal(Array(waiting.prefix(BackupFormat.chunkBytes)), isLast: false)
            waiting.removeFirst(BackupFormat.chunkBytes)
        }
    }

    private func seal(_ plain: [UInt8], isLast: Bool) throws(BackupError) {
        let box: ChaChaPoly.SealedBox
        do {
            box = try ChaChaPoly.seal(
                plain, using: key, nonce: BackupFormat.nonce(chunks, isLast: isLast),
                authenticating: header)
        } catch {
            throw .failed("The backup could not be encrypted: \(error)")
        }
        chunks += 1
        try write(Array(box.ciphertext + box.tag))
    }

    private func write(_ bytes: [UInt8]) throws(BackupError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .failed("\(path): \(errorText(errno))") }
            rest = rest.dropFirst(count)
        }
    }
}
