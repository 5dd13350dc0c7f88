internal import Git
internal import Glibc

/// How a registry is opened.
public struct StoreOptions: Sendable {
    /// The working tree of the repository.
    public var repository: String
    /// Where signals and secrets are; nil for `muster/` in the common git directory.
    public var stateDirectory: String?
    /// Refuses every write.
    public var readOnly = false
    /// Serves the commits alone, without the uncommitted edits of the working tree.
    public var committedOnly = false
    /// The `muster` program that the repository's hooks call.
    public var executablePath: String

    public init(
        repository: String, stateDirectory: String? = nil, readOnly: Bool = false,
        committedOnly: Bool = false, executablePath: String
    ) {
        self.repository = repository
        self.stateDirectory = stateDirectory
        self.readOnly = readOnly
        self.committedOnly = committedOnly
        self.executablePath = executablePath
    }
}

/// Why a folder cannot be served, in one line that says what to do.
public enum StoreOpeningError: Error, Hashable, Sendable, CustomStringConvertible {
    case notARepository(path: String)
    case notARegistry(path: String)
    case bare(path: String)
    /// `owner` is what the other server wrote about itself.
    case locked(path: String, owner: String)
    case newerFormat(path: String, version: Int, supported: Int)
    case permission(path: String, reason: String)
    case invalidSettings(path: String, reason: String)
    /// Something that libgit2 cannot work with, and the command that undoes it.
    case unsupported(reason: String, command: String)
    case failed(path: String, reason: String)

    public var description: String {
        switch self {
        case .notARepository(let path):
            "\(path) is no git repository; `muster init \(path)` makes a registry there"
        case .notARegistry(let path):
            "\(path) has no registry.json on its branch; `muster init DIR` makes a new registry"
        case .bare(let path):
            "\(path) is a bare repository; clone it first and serve the clone"
        case .locked(let path, let owner):
            "\(path) is served already by \(owner)"
        case .newerFormat(let path, let version, let supported):
            "\(path) is a registry of format \(version), newer than the \(supported) that this"
                + " muster knows; install a newer muster"
        case .permission(let path, let reason):
            "no permission for \(path): \(reason)"
        case .invalidSettings(let path, let reason):
            "registry.json of \(path): \(reason)"
        case .unsupported(let reason, let command):
            "\(reason); undo it with `\(command)`"
        case .failed(let path, let reason):
            "cannot open \(path): \(reason)"
        }
    }
}

extension StoreOpeningError {
    /// A failure of git or of the system while `path` was opened.
    init(_ error: any Error, path: String) {
        self =
            switch error {
            case let error as StoreOpeningError: error
            case let error as GitError where error.code == .ownership || Self.isForeign(path):
                .unsupported(
                    reason: "\(path) belongs to another user",
                    command: "git config --global --add safe.directory \(path)")
            case let error as GitError where error.code == .notFound: .notARepository(path: path)
            case let error as GitError: .failed(path: path, reason: error.message)
            case let error as FileError where error.isPermission:
                .permission(path: path, reason: error.description)
            default: .failed(path: path, reason: "\(error)")
            }
    }

    /// libgit2 calls the repository of another user not found when there is no configuration of
    /// one's own.
    private static func isForeign(_ path: String) -> Bool {
        FileFacts(at: path + "/.git").map { $0.owner != geteuid() } ?? false
    }
}
