import Glibc

/// The folder that holds what the repository must not: signals, secrets, the lock.
///
/// Only its owner can read it, and no commit can carry it.
public struct StateDirectory: Hashable, Sendable {
    /// Absolute, without symbolic links.
    public let path: String

    /// Makes the folder (mode 0700) unless it is there, and checks it.
    ///
    /// - Parameters:
    ///   - workingTree: the top of the registry's working tree, where the folder must not lie.
    ///   - gitDirectory: the (common) git directory, where it may lie though that is in the working
    ///     tree.
    public static func open(
        _ path: String, workingTree: String? = nil, gitDirectory: String? = nil
    ) throws(StateError) -> StateDirectory {
        try check(location: path, workingTree: workingTree, gitDirectory: gitDirectory)
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .unusable(path: path, reason: errorText(errno))
        }
        try checkPrivate(path)
        guard let resolved = resolvedPath(path) else {
            throw .unusable(path: path, reason: errorText(errno))
        }
        return StateDirectory(path: resolved)
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Refuses a folder that `git add` could take in; it need not exist yet.
    public static func check(
        location path: String, workingTree: String?, gitDirectory: String?
    ) throws(StateError) {
        guard let workingTree = workingTree.flatMap(resolvedPath) else { return }
        let place = resolvedWhereItExists(path)
        guard isInside(place, workingTree) else { return }
        if let gitDirectory = gitDirectory.flatMap(resolvedPath), isInside(place, gitDirectory) {
            return
        }
        throw .inWorkingTree(path: path, workingTree: workingTree)
    }

    /// Refuses what is no folder, is another user's, or can be read by others.
    static func checkPrivate(_ path: String) throws(StateError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .unusable(path: path, reason: errorText(errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .unusable(path: path, reason: "it is no folder")
        }
        guard status.st_uid == geteuid() else { throw .foreign(path: path) }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(path: path, mode: Int(status.st_mode & 0o777))
        }
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        path == folder || path.hasPrefix(folder == "/" ? "/" : folder + "/")
    }

    /// The real path of the part that exists, followed by the rest as given.
    private static func resolvedWhereItExists(_ path: String) -> String {
        if let resolved = resolvedPath(path) { return resolved }
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else {
            return (resolvedPath(".") ?? "") + "/" + trimmed
        }
        let name = trimmed[trimmed.index(after: slash)...]
        guard slash != trimmed.startIndex else { return trimmed }
        return resolvedWhereItExists(String(trimmed[..<slash])) + "/" + name
    }
}

/// Why the state directory or a file in it cannot be used; each description is one clear line.
public enum StateError: Error, Hashable, Sendable, CustomStringConvertible {
    case unusable(path: String, reason: String)
    case foreign(path: String)
    case readableByOthers(path: String, mode: Int)
    case inWorkingTree(path: String, workingTree: String)

    public var description: String {
        switch self {
        case .unusable(let path, let reason):
            "Cannot use the state at \(path): \(reason)."
        case .foreign(let path):
            "The state at \(path) belongs to another user."
        case .readableByOthers(let path, let mode):
            "Others may read the state at \(path) (mode \(String(mode, radix: 8))); "
                + "it holds secrets: chmod go-rwx \(path)"
        case .inWorkingTree(let path, let workingTree):
            "The state directory \(path) lies in the working tree \(workingTree), "
                + "where it could be committed; choose another with --state."
        }
    }
}

/// What the system says about an `errno`.
func errorText(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

private func resolvedPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
