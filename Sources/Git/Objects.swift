internal import CGit2
internal import Crypto

/// What an object is.
public enum ObjectKind: UInt8, Hashable, Sendable {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4

    var raw: git_object_t { git_object_t(rawValue: Int32(rawValue)) }

    init?(_ raw: git_object_t) {
        guard let kind = UInt8(exactly: raw.rawValue).flatMap(ObjectKind.init(rawValue:)) else {
            return nil
        }
        self = kind
    }
}

extension ObjectKind: CustomStringConvertible {
    /// As it stands in an object's header.
    public var description: String {
        switch self {
        case .commit: "commit"
        case .tree: "tree"
        case .blob: "blob"
        case .tag: "tag"
        }
    }
}

/// One object with its name: what a database holds.
public struct GitObject: Sendable {
    public let id: ObjectID
    public let kind: ObjectKind
    /// The content without git's header.
    public let bytes: [UInt8]

    /// Names `bytes` as git does; nothing is stored.
    ///
    /// The name is the SHA-1 of `<kind> <size>\0` and the bytes. libgit2 has it too, three times
    /// slower, because it looks for forged collisions in what it hashes.
    public init(_ kind: ObjectKind, _ bytes: [UInt8]) {
        var hash = Insecure.SHA1()
        hash.update(data: Array("\(kind) \(bytes.count)\u{0}".utf8))
        hash.update(data: bytes)
        id = hash.finalize().withUnsafeBytes { ObjectID(raw: $0) }
        self.kind = kind
        self.bytes = bytes
    }

    /// Takes bytes whose name is known.
    package init(id: ObjectID, kind: ObjectKind, bytes: [UInt8]) {
        self.id = id
        self.kind = kind
        self.bytes = bytes
    }
}

/// The objects of a repository (`git_odb`).
public struct ObjectDatabase: ~Copyable {
    let raw: OpaquePointer

    public init(of repository: borrowing Repository) throws(GitError) {
        let handle = repository.raw
        raw = try owned("git_repository_odb") { git_repository_odb(&$0, handle) }
    }

    /// Opens the objects of one folder alone, such as a push's before it is taken in.
    public init(folder path: String) throws(GitError) {
        try Library.start()
        raw = try owned("git_odb_open") { git_odb_open(&$0, path) }
    }

    deinit { git_odb_free(raw) }

    /// Reads also what another folder of objects holds.
    public func addAlternate(_ path: String) throws(GitError) {
        try check("git_odb_add_disk_alternate", git_odb_add_disk_alternate(raw, path))
    }

    /// The names of all objects, in no order.
    public func ids() throws(GitError) -> [ObjectID] {
        var found: [ObjectID] = []
        let status = withUnsafeMutablePointer(to: &found) { found in
            git_odb_foreach(
                raw,
                { id, found in
                    guard let id, let found else { return 0 }
                    found.assumingMemoryBound(to: [ObjectID].self).pointee
                        .append(ObjectID(id.pointee))
                    return 0
                }, found)
        }
        try check("git_odb_foreach", status)
        return found
    }

    /// What an object is and how many bytes its content has, mostly without reading it.
    public func header(of id: ObjectID) throws(GitError) -> (kind: ObjectKind, size: Int) {
        var oid = id.raw
        var size = 0
        var type = GIT_OBJECT_INVALID
        try check("git_odb_read_header", git_odb_read_header(&size, &type, raw, &oid))
        guard let kind = ObjectKind(type) else {
            throw GitError(
                code: .invalid, function: "git_odb_read_header", message: "unknown object type")
        }
        return (kind, size)
    }

    /// Reads one object; throws ``GitError/Code/notFound`` where there is none.
    public func read(_ id: ObjectID) throws(GitError) -> GitObject {
        var oid = id.raw
        let object = try owned("git_odb_read") { git_odb_read(&$0, raw, &oid) }
        defer { git_odb_object_free(object) }
        guard let kind = ObjectKind(git_odb_object_type(object)) else {
            throw GitError(code: .invalid, function: "git_odb_read", message: "unknown object type")
        }
        let bytes = UnsafeRawBufferPointer(
            start: git_odb_object_data(object), count: git_odb_object_size(object))
        return GitObject(id: id, kind: kind, bytes: Array(bytes))
    }

    /// Reads one object that has to be of `kind`.
    public func read(_ id: ObjectID, as kind: ObjectKind) throws(GitError) -> [UInt8] {
        let object = try read(id)
        guard object.kind == kind else {
            throw GitError(
                code: .invalid, function: "git_odb_read",
                message: "\(id) is a \(object.kind), not a \(kind)")
        }
        return object.bytes
    }

    public func contains(_ id: ObjectID) -> Bool {
        var oid = id.raw
        return git_odb_exists(raw, &oid) == 1
    }

    /// Stores one object where it is not stored already. It is not flushed.
    public func write(_ object: GitObject) throws(GitError) {
        var oid = git_oid()
        try check(
            "git_odb_write",
            git_odb_write(&oid, raw, object.bytes, object.bytes.count, object.kind.raw))
    }

    /// Looks for packs that another process made or removed.
    public func refresh() throws(GitError) { try check("git_odb_refresh", git_odb_refresh(raw)) }
}
