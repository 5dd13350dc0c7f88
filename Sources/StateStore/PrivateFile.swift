import Glibc

/// Small files that only their owner reads (mode 0600).
enum PrivateFile {
    /// Makes an empty file unless there is one.
    static func create(_ path: String) throws(StateError) {
        let descriptor = open(path, O_CREAT | O_RDWR | flags, 0o600)
        guard descriptor >= 0 else { throw problem(with: path) }
        defer { close(descriptor) }
        try checkPrivate(descriptor, path)
    }

    /// A link could lead to where others read, or be led elsewhere.
    private static let flags = O_CLOEXEC | O_NOFOLLOW

    /// What `errno` says of a file that could not be opened.
    private static func problem(with path: String) -> StateError {
        let reason = errno == ELOOP ? "it is a link; put the file itself there" : errorText(errno)
        return .unusable(path: path, reason: reason)
    }

    /// The whole file, at most `limit` bytes; nil when there is none.
    static func read(_ path: String, limit: Int) throws(StateError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | flags)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw problem(with: path)
        }
        defer { close(descriptor) }
        try checkPrivate(descriptor, path)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = bytes.withUnsafeMutableBytes {
            Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        guard count >= 0 else { throw .unusable(path: path, reason: errorText(errno)) }
        return Array(bytes[..<count])
    }

    /// Writes a file that must not exist yet, whole and flushed, or not at all.
    static func write(_ bytes: [UInt8], to path: String) throws(StateError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: errorText(errno)) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isComplete = written == bytes.count && fsync(descriptor) == 0
        let reason = errorText(errno)
        close(descriptor)
        guard isComplete else {
            unlink(draft)
            throw .unusable(path: path, reason: reason)
        }
        guard rename(draft, path) == 0 else {
            throw .unusable(path: path, reason: errorText(errno))
        }
    }

    /// Adds to the end of a file, in one piece and flushed; makes it where there is none.
    static func append(_ bytes: [UInt8], to path: String) throws(StateError) {
        let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | flags, 0o600)
        guard descriptor >= 0 else { throw problem(with: path) }
        defer { close(descriptor) }
        try checkPrivate(descriptor, path)
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(descriptor) == 0 else {
            throw .unusable(path: path, reason: errorText(errno))
        }
    }

    private static func checkPrivate(_ descriptor: Int32, _ path: String) throws(StateError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unusable(path: path, reason: errorText(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unusable(path: path, reason: "it is no file")
        }
        guard status.st_uid == geteuid() else { throw .foreign(path: path) }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(path: path, mode: Int(status.st_mode & 0o777))
        }
    }
}
