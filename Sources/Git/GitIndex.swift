internal import CGit2

/// git's staging area, read from a file of git's index format.
public struct GitIndex: ~Copyable {
    private let raw: OpaquePointer

    /// Opens an index file, which need not exist yet.
    public init(opening path: String) throws(GitError) {
        try Library.start()
        raw = try owned("git_index_open") { git_index_open(&$0, path) }
    }

    deinit { git_index_free(raw) }

    public struct Entry: Hashable, Sendable {
        public let mode: FileMode
        public let id: ObjectID

        public init(mode: FileMode, id: ObjectID) {
            self.mode = mode
            self.id = id
        }
    }

    /// The staged entry of a path; nil where there is none.
    public subscript(path: String) -> Entry? {
        guard let entry = git_index_get_bypath(raw, path, 0) else {
            git_error_clear()
            return nil
        }
        guard let mode = FileMode(rawValue: entry.pointee.mode) else { return nil }
        return Entry(mode: mode, id: ObjectID(entry.pointee.id))
    }

    /// Whether a merge that a person began has left this path with stages 1 to 3.
    public func isConflicted(_ path: String) -> Bool {
        (1...3).contains { git_index_get_bypath(raw, path, Int32($0)) != nil }
    }

    /// Stages `entry` at `path`.
    ///
    /// - Parameter facts: of the file in the working tree when it is known to hold the entry's
    ///   bytes: git then need not read it to see that nothing changed. nil makes git read it.
    public func set(_ path: String, to entry: Entry, facts: FileFacts?) throws(GitError) {
        var raw = git_index_entry()
        if let facts {
            raw.ctime = git_index_time(facts.changed)
            raw.mtime = git_index_time(facts.modified)
            raw.dev = UInt32(truncatingIfNeeded: facts.device)
            raw.ino = UInt32(truncatingIfNeeded: facts.inode)
            raw.uid = facts.owner
            raw.gid = facts.group
            raw.file_size = UInt32(truncatingIfNeeded: facts.size)
        }
        raw.mode = entry.mode.rawValue
        raw.id = entry.id.raw
        let status = path.withCString { path in
            raw.path = path
            return git_index_add(self.raw, &raw)
        }
        try check("git_index_add", status)
    }

    public func remove(_ path: String) throws(GitError) {
        do {
            try check("git_index_remove", git_index_remove(raw, path, 0))
        } catch  where error.code == .notFound {
            return
        }
    }

    /// Stages exactly what a tree holds; git looks at each file itself when it next compares.
    public func read(_ tree: ObjectID, of repository: borrowing Repository) throws(GitError) {
        var oid = tree.raw
        let raw = try owned("git_tree_lookup") { git_tree_lookup(&$0, repository.raw, &oid) }
        defer { git_tree_free(raw) }
        try check("git_index_read_tree", git_index_read_tree(self.raw, raw))
    }

    /// Writes the file, through git's own `.lock` beside it.
    public func write() throws(GitError) { try check("git_index_write", git_index_write(raw)) }
}

extension git_index_time {
    init(_ time: FileFacts.Time) {
        self.init(
            seconds: Int32(truncatingIfNeeded: time.seconds),
            nanoseconds: UInt32(truncatingIfNeeded: time.nanoseconds))
    }
}
