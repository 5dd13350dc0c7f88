internal import Glibc

/// What lstat(2) tells about a file.
public struct FileFacts: Hashable, Sendable {
    public struct Time: Hashable, Sendable {
        public let seconds: Int
        public let nanoseconds: Int
    }

    public enum Kind: Hashable, Sendable {
        case file, folder, link, other
    }

    public let kind: Kind
    public let device: UInt64
    public let inode: UInt64
    public let owner: UInt32
    public let group: UInt32
    public let permissions: UInt32
    /// How many names it has.
    public let links: Int
    /// In bytes.
    public let size: Int
    public let modified: Time
    /// When the inode last changed, which a rename does too.
    public let changed: Time

    /// Looks at `path` itself, not at what a link leads to; nil where nothing is.
    public init?(at path: String) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        self.init(facts)
    }

    /// Looks at an open file.
    public init?(of descriptor: Int32) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return nil }
        self.init(facts)
    }

    private init(_ facts: stat) {
        kind =
            switch facts.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        device = UInt64(facts.st_dev)
        inode = UInt64(facts.st_ino)
        owner = facts.st_uid
        group = facts.st_gid
        permissions = facts.st_mode & 0o7777
        links = Int(facts.st_nlink)
        size = Int(facts.st_size)
        modified = Time(seconds: facts.st_mtim.tv_sec, nanoseconds: facts.st_mtim.tv_nsec)
        changed = Time(seconds: facts.st_ctim.tv_sec, nanoseconds: facts.st_ctim.tv_nsec)
    }

    /// Whether both are of the same content, as far as stat tells: a rename keeps it.
    public func isSameContent(as other: FileFacts) -> Bool {
        inode == other.inode && device == other.device && size == other.size
            && modified == other.modified
    }
}
