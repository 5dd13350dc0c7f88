internal import Git
internal import Registry

/// The tree of one commit, with the folders that were looked at so far kept in memory.
///
/// A value: an edit of a copy leaves the original as it was, so a commit that fails costs nothing.
struct TreeEditor: Sendable {
    /// The id of the whole tree.
    private(set) var root: ObjectID
    /// By path without a final slash; the root's path is empty.
    private var folders: [FilePath: Folder]

    private struct Folder {
        var tree: Tree
        /// The object that the tree was before the present edits; nil for a new folder.
        var stored: GitObject?
    }

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
    init() {
        root = GitObject(.tree, []).id
        folders = [FilePath(""): Folder(tree: Tree(), stored: nil)]
    }

    /// The file at `path`; nil where there is none.
    mutating func file(
        at path: String, in database: borrowing ObjectDatabase
    ) throws(GitError) -> File? {
        let place = TreePath(path)
        guard let folder = try load(place.folder, from: database),
            let entry = folder.tree[place.name], entry.mode != .tree
        else { return nil }
        return File(mode: entry.mode, id: entry.id)
    }

    /// Writes and removes files.
    ///
    /// - Parameter edits: nil removes the path; a folder that becomes empty goes too.
    /// - Returns: the new trees, the root last; they are not stored yet.
    mutating func apply(
        _ edits: [(path: String, file: File?)], in database: borrowing ObjectDatabase
    ) throws(GitError) -> [NewObject] {
        var changed: Set<FilePath> = []
        for edit in edits {
            let place = TreePath(edit.path)
            var folder = try take(place.folder, from: database)
            if let file = edit.file {
                folder.tree.set(.init(name: place.name, mode: file.mode, id: file.id))
            } else {
                folder.tree.remove(place.name)
            }
            folders[FilePath(place.folder)] = folder
            changed.insert(FilePath(place.folder))
        }
        return try name(changed, in: database)
    }

    /// Names the changed folders and those above them, the deepest first.
    private mutating func name(
        _ changed: Set<FilePath>, in database: borrowing ObjectDatabase
    ) throws(GitError) -> [NewObject] {
        var waiting: [Int: Set<FilePath>] = [:]
        for path in changed { waiting[TreePath.depth(of: path.text), default: []].insert(path) }
        var objects: [NewObject] = []
        var depth = waiting.keys.max() ?? 0
        while depth > 0 {
            for path in waiting[depth, default: []].sorted() {
                let place = TreePath(path.text)
                var parent = try take(place.folder, from: database)
                if folders[path]?.tree.isEmpty ?? true {
                    folders[path] = nil
                    // A file may have taken the folder's name in the same edits.
                    if parent.tree[place.name]?.mode == .tree { parent.tree.remove(place.name) }
                } else {
                    let new = write(path.text)
                    objects.append(new)
                    parent.tree.set(.init(name: place.name, mode: .tree, id: new.object.id))
                }
                folders[FilePath(place.folder)] = parent
                waiting[depth - 1, default: []].insert(FilePath(place.folder))
            }
            depth -= 1
        }
        let top = write("")
        root = top.object.id
        objects.append(top)
        return objects
    }

    /// Names the tree of one folder.
    private mutating func write(_ path: String) -> NewObject {
        let folder = folders[FilePath(path)] ?? Folder(tree: Tree())
        let object = GitObject(.tree, folder.tree.bytes)
        folders[FilePath(path)]?.stored = object
        let change = folder.stored.flatMap {
            ByteChange(from: $0.bytes, of: $0.id, to: object.bytes)
        }
        return NewObject(object, change: change)
    }

    /// Takes a folder out, so that a change of it copies nothing; a new one where there is none.
    private mutating func take(
        _ path: String, from database: borrowing ObjectDatabase
    ) throws(GitError) -> Folder {
        _ = try load(path, from: database)
        return folders.removeValue(forKey: FilePath(path)) ?? Folder(tree: Tree())
    }

    private mutating func load(
        _ path: String, from database: borrowing ObjectDatabase
    ) throws(GitError) -> Folder? {
        if let known = folders[FilePath(path)] { return known }
        let id: ObjectID
        if path.isEmpty {
            id = root
        } else {
            let place = TreePath(path)
            guard let parent = try load(place.folder, from: database),
                let entry = parent.tree[place.name], entry.mode == .tree
            else { return nil }
            id = entry.id
        }
        let stored = try database.read(id)
        guard stored.kind == .tree else { return nil }
        let folder = Folder(tree: try Tree(parsing: stored.bytes), stored: stored)
        folders[FilePath(path)] = folder
        return folder
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
