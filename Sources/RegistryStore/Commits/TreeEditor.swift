internal import Git

/// The tree of one commit, with the folders that were looked at so far kept in memory.
///
/// A value: an edit of a copy leaves the original as it was, so a commit that fails costs nothing.
struct TreeEditor: Sendable {
    /// The id of the whole tree.
    private(set) var root: ObjectID
    /// By path without a final slash; the root's path is empty.
    private var folders: [String: Tree]

    /// A file of the tree; a folder is never one.
    struct File: Hashable, Sendable {
        let mode: FileMode
        let id: ObjectID
    }

    init(root: ObjectID) {
        self.root = root
        folders = [:]
    }

    /// The tree without any file.
    init() throws(GitError) {
        let empty = try GitObject(.tree, [])
        root = empty.id
        folders = ["": Tree()]
    }

    /// The file at `path`; nil where there is none.
    mutating func file(
        at path: String, in database: borrowing ObjectDatabase
    ) throws(GitError) -> File? {
        let place = TreePath(path)
        guard let folder = try load(place.folder, from: database),
            let entry = folder[place.name], entry.mode != .tree
        else { return nil }
        return File(mode: entry.mode, id: entry.id)
    }

    /// Writes and removes files.
    ///
    /// - Parameter edits: nil removes the path; a folder that becomes empty goes too.
    /// - Returns: the new trees, the root last; they are not stored yet.
    mutating func apply(
        _ edits: [(path: String, file: File?)], in database: borrowing ObjectDatabase
    ) throws(GitError) -> [GitObject] {
        var changed: Set<String> = []
        for edit in edits {
            let place = TreePath(edit.path)
            var folder = try load(place.folder, from: database) ?? Tree()
            if let file = edit.file {
                folder.set(.init(name: place.name, mode: file.mode, id: file.id))
            } else {
                folder.remove(place.name)
            }
            folders[place.folder] = folder
            changed.insert(place.folder)
        }
        return try name(changed, in: database)
    }

    /// Names the changed folders and those above them, the deepest first.
    private mutating func name(
        _ changed: Set<String>, in database: borrowing ObjectDatabase
    ) throws(GitError) -> [GitObject] {
        var waiting: [Int: Set<String>] = [:]
        for path in changed { waiting[TreePath.depth(of: path), default: []].insert(path) }
        var objects: [GitObject] = []
        var depth = waiting.keys.max() ?? 0
        while depth > 0 {
            for path in waiting[depth, default: []].sorted() {
                let place = TreePath(path)
                let folder = folders[path] ?? Tree()
                var parent = try load(place.folder, from: database) ?? Tree()
                if folder.isEmpty {
                    folders[path] = nil
                    parent.remove(place.name)
                } else {
                    let object = try GitObject(.tree, folder.bytes)
                    objects.append(object)
                    parent.set(.init(name: place.name, mode: .tree, id: object.id))
                }
                folders[place.folder] = parent
                waiting[depth - 1, default: []].insert(place.folder)
            }
            depth -= 1
        }
        let top = try GitObject(.tree, (folders[""] ?? Tree()).bytes)
        root = top.id
        objects.append(top)
        return objects
    }

    private mutating func load(
        _ path: String, from database: borrowing ObjectDatabase
    ) throws(GitError) -> Tree? {
        if let known = folders[path] { return known }
        let id: ObjectID
        if path.isEmpty {
            id = root
        } else {
            let place = TreePath(path)
            guard let parent = try load(place.folder, from: database),
                let entry = parent[place.name], entry.mode == .tree
            else { return nil }
            id = entry.id
        }
        let tree = try Tree(parsing: database.read(id, as: .tree))
        folders[path] = tree
        return tree
    }
}

/// A path split into its folder and the name in it.
struct TreePath {
    let folder: String
    let name: [UInt8]

    init(_ path: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            folder = ""
            name = Array(path.utf8)
            return
        }
        folder = String(path[..<slash])
        name = Array(path.utf8[path.utf8.index(after: slash)...])
    }

    /// How many folders lead to `folder`: none for the root.
    static func depth(of folder: String) -> Int {
        folder.isEmpty ? 0 : folder.utf8.count { $0 == UInt8(ascii: "/") } + 1
    }
}
