internal import CGit2
public import Glibc

/// A failed call of the operating system.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `errno`.
    public let code: Int32
    /// What was tried, `open devices/robot-1.json`.
    public let action: String

    public init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    public var isFull: Bool { code == ENOSPC || code == EDQUOT }

    public var description: String { "\(action): \(String(cString: strerror(code)))" }
}

/// The calls that Swift's C library module does not offer.
public enum FileSystem {
    /// Renames `from` to a name that must not exist (renameat2, `RENAME_NOREPLACE`).
    public static func moveNew(_ from: String, to target: String) throws(FileError) {
        guard muster_renameat2(from, target, 1) == 0 else { throw FileError("create \(target)") }
    }

    /// Lets two existing files change places at once (renameat2, `RENAME_EXCHANGE`).
    public static func exchange(_ one: String, _ other: String) throws(FileError) {
        guard muster_renameat2(one, other, 2) == 0 else { throw FileError("replace \(other)") }
    }

    /// Flushes the whole file system that `path` is on (syncfs).
    public static func flush(fileSystemOf path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open \(path)") }
        defer { close(descriptor) }
        guard muster_syncfs(descriptor) == 0 else { throw FileError("flush \(path)") }
    }
}
