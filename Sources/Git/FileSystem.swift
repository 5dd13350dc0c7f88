internal import CGit2
internal import Glibc

/// A failed call of the operating system.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `errno`.
    public let code: Int32
    /// What was tried, `open devices/robot-1.json`.
    public let action: String

    public init(_ action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    /// Takes the code that the last call of this thread left in `errno`.
    public init(_ action: String) { self.init(action, code: errno) }

    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    public var isExisting: Bool { code == EEXIST }
    public var isFull: Bool { code == ENOSPC || code == EDQUOT }
    public var isPermission: Bool { code == EACCES || code == EPERM || code == EROFS }

    public var description: String { "\(action): \(String(cString: strerror(code)))" }
}

/// Files as bytes, and the calls that Swift's C library module does not offer.
///
/// Every descriptor is close-on-exec and no last component that is a link is followed.
public enum FileSystem {
    /// The whole content of a regular file; nil where there is none.
    ///
    /// - Parameter limit: in bytes; a larger file throws `EFBIG`.
    public static func read(_ path: String, limit: Int = .max) throws(FileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            let error = FileError("open \(path)")
            if error.isMissing { return nil }
            throw error
        }
        defer { close(descriptor) }
        guard let facts = FileFacts(of: descriptor) else { throw FileError("look at \(path)") }
        guard facts.kind == .file else { throw FileError("read \(path)", code: EISDIR) }
        guard facts.size <= limit else { throw FileError("read \(path)", code: EFBIG) }
        var bytes: [UInt8] = []
        var expected = facts.size
        // A file that grows meanwhile is read to its end.
        while true {
            let start = bytes.count
            let room = max(expected - start, 0) + 1
            bytes.append(contentsOf: repeatElement(0, count: room))
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + start }, room)
            }
            guard count >= 0 else {
                if errno == EINTR {
                    bytes.removeLast(room)
                    continue
                }
                throw FileError("read \(path)")
            }
            bytes.removeLast(room - count)
            if count == 0 { return bytes }
            guard bytes.count <= limit else { throw FileError("read \(path)", code: EFBIG) }
            if bytes.count >= expected { expected = bytes.count + 4096 }
        }
    }

    /// Creates a new file with this content; nothing is left of it when that fails.
    ///
    /// - Returns: the facts of the file as written.
    @discardableResult
    public static func create(
        _ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o666, flush: Bool = false
    ) throws(FileError) -> FileFacts {
        try create(path, permissions: permissions, flush: flush) { append throws(FileError) in
            try append(bytes)
        }
    }

    /// Creates a new file with what `body` appends; nothing is left of it when that fails.
    ///
    /// - Returns: the facts of the file as written.
    @discardableResult
    public static func create(
        _ path: String, permissions: UInt32 = 0o666, flush: Bool = false,
        _ body: (_ append: ([UInt8]) throws(FileError) -> Void) throws(FileError) -> Void
    ) throws(FileError) -> FileFacts {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw FileError("create \(path)") }
        defer { close(descriptor) }
        do throws(FileError) {
            try body { bytes throws(FileError) in try write(bytes, to: descriptor, path) }
            if flush, fsync(descriptor) != 0 { throw FileError("flush \(path)") }
            guard let facts = FileFacts(of: descriptor) else { throw FileError("look at \(path)") }
            return facts
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Puts this content in the place of whatever file has the name, at once, and flushes it.
    public static func replace(
        _ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o666
    ) throws(FileError) {
        let draft = path + ".new"
        unlink(draft)
        try create(draft, bytes, permissions: permissions, flush: true)
        try move(draft, to: path)
    }

    /// Writes all of `bytes` at the descriptor's place.
    public static func write(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String
    ) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("write \(path)")
            }
            done += count
        }
    }

    /// Renames a file over whatever has the new name.
    public static func move(_ from: String, to target: String) throws(FileError) {
        guard rename(from, target) == 0 else { throw FileError("rename to \(target)") }
    }

    /// Renames a file to a name that must be free (renameat2, `RENAME_NOREPLACE`).
    public static func moveNew(_ from: String, to target: String) throws(FileError) {
        guard muster_renameat2(from, target, 1) == 0 else { throw FileError("create \(target)") }
    }

    /// Lets two existing files change places at once (renameat2, `RENAME_EXCHANGE`).
    public static func exchange(_ one: String, _ other: String) throws(FileError) {
        guard muster_renameat2(one, other, 2) == 0 else { throw FileError("replace \(other)") }
    }

    /// Removes a file where there is one.
    public static func remove(_ path: String) throws(FileError) {
        guard unlink(path) != 0 else { return }
        let error = FileError("remove \(path)")
        guard error.isMissing else { throw error }
    }

    /// Makes a folder and those above it; those that exist are left as they are.
    public static func makeFolder(_ path: String, permissions: UInt32 = 0o777) throws(FileError) {
        if mkdir(path, permissions) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastSlash, slash > path.startIndex else {
            throw FileError("make folder \(path)")
        }
        try makeFolder(String(path[..<slash]), permissions: permissions)
        guard mkdir(path, permissions) == 0 || errno == EEXIST else {
            throw FileError("make folder \(path)")
        }
    }

    /// Bytes that an unprivileged process may still write to the file system of `path`.
    public static func freeBytes(at path: String) -> UInt64? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
            .partialValue
    }

    /// Flushes the names in a folder (fsync).
    public static func flush(folder path: String) throws(FileError) { try flush(path, fsync) }

    /// Flushes the whole file system that a folder is on (syncfs).
    public static func flush(fileSystemOf path: String) throws(FileError) {
        try flush(path, muster_syncfs)
    }

    private static func flush(
        _ folder: String, _ call: (Int32) -> Int32
    ) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open \(folder)") }
        defer { close(descriptor) }
        guard call(descriptor) == 0 else { throw FileError("flush \(folder)") }
    }
}

extension GitError {
    /// A failed call of the operating system among calls of libgit2.
    package init(_ error: FileError) {
        self.init(code: .other(error.code), function: error.action, message: error.description)
    }
}
