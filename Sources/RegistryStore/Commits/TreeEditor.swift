internal import Git
internal import Registry

/// The tree of one commit, with the folders that were looked at so far kept in memory.
///
/// A value: an edit of a copy leaves the original as it was, so a commit that fails costs nothing,
/// and a copy shares every folder that is not on the way to a change.
struct TreeEditor: Sendable {
    /// The id of the whole tree.
    private(set) var root: ObjectID
    /// nil while nobody has looked.
    private var top: Folder?

    /// A file of the tree; a folder is never one.
    struct File: Hashable, Sendable {
        let mode: FileMode
        let id: ObjectID
    }

    private typealias Name = [UInt8]
    private typealias Edit = (path: ArraySlice<Name>, file: File?)

    private struct Folder {
        var tree = Tree()
        /// The object that the tree was before the present edits; nil for a new folder.
        var stored: GitObject?
        /// Those of its folders that were looked at.
        var folders: [Name: Folder] = [:]
    }

    /// Folders nest at most this deep; what lies below is taken as not there.
    static let maximumDepth = 64

    init(root: ObjectID) { self.root = root }

    /// The tree without any file.
    init() {
        root = GitObject(.tree, []).id
        top = Folder()
    }

    /// The file at `path`; nil where there is none.
    mutating func file(
        at path: String, in database: borrowing ObjectDatabase
    ) throws(GitError) -> File? {
        let names = Self.names(of: path)
        guard names.count <= Self.maximumDepth else { return nil }
        var folder = try takeTop(from: database)
        defer { top = folder }
        return try Self.file(at: names[...], in: &folder, database)
    }

    /// Writes and removes files.
    ///
    /// - Parameter edits: nil removes the path; a folder that becomes empty goes too.
    /// - Returns: the new trees, the root last; they are not stored yet.
    mutating func apply(
        _ edits: [(path: String, file: File?)], in database: borrowing ObjectDatabase
    ) throws(GitError) -> [NewObject] {
        let edits: [Edit] = edits.map { (Self.names(of: $0.path)[...], $0.file) }
        guard edits.allSatisfy({ $0.path.count <= Self.maximumDepth }) else {
            throw GitError(
                code: .invalid, function: "TreeEditor", message: "folders are nested too deeply")
        }
        var folder = try takeTop(from: database)
        defer { top = folder }
        // Whatever can fail, before anything is changed; of many files each folder once.
        let folders = edits.map { $0.path.dropLast() }
        for path in folders.count > 2 ? Array(Set(folders)) : folders {
            try Self.load(path, in: &folder, database)
        }
        var objects: [NewObject] = []
        try Self.apply(edits, to: &folder, database, &objects)
        let object = Self.name(&folder)
        root = object.object.id
        objects.append(object)
        return objects
    }

    private static func names(of path: String) -> [Name] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Array($0) }
    }

    /// Takes the folder out, so that a change of it copies nothing.
    private mutating func takeTop(
        from database: borrowing ObjectDatabase
    ) throws(GitError) -> Folder {
        guard let known = top else { return try Self.load(root, database) }
        top = nil
        return known
    }

    private static func load(
        _ id: ObjectID, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> Folder {
        let stored = try database.read(id)
        guard stored.kind == .tree else {
            throw GitError(code: .invalid, function: "TreeEditor", message: "\(id) is no tree")
        }
        return Folder(tree: try Tree(parsing: stored.bytes), stored: stored)
    }

    private static func file(
        at path: ArraySlice<Name>, in folder: inout Folder, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> File? {
        guard let name = path.first else { return nil }
        if path.count == 1 {
            guard let entry = folder.tree[name], entry.mode != .tree else { return nil }
            return File(mode: entry.mode, id: entry.id)
        }
        guard var child = try take(name, of: &folder, database) else { return nil }
        defer { folder.folders[name] = child }
        return try file(at: path.dropFirst(), in: &child, database)
    }

    /// Keeps the folders on a path in memory, as far as they exist.
    private static func load(
        _ path: ArraySlice<Name>, in folder: inout Folder, _ database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard let name = path.first, var child = try take(name, of: &folder, database) else {
            return
        }
        defer { folder.folders[name] = child }
        try load(path.dropFirst(), in: &child, database)
    }

    /// Takes a folder out of the one that it is in; nil where there is none.
    private static func take(
        _ name: Name, of folder: inout Folder, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> Folder? {
        if let known = folder.folders.removeValue(forKey: name) { return known }
        guard let entry = folder.tree[name], entry.mode == .tree else { return nil }
        return try load(entry.id, database)
    }

    private static func apply(
        _ edits: [Edit], to folder: inout Folder, _ database: borrowing ObjectDatabase,
        _ objects: inout [NewObject]
    ) throws(GitError) {
        var below: [(name: Name, edits: [Edit])] = []
        for edit in edits where edit.path.count > 1 {
            guard let name = edit.path.first else { continue }
            let rest = (edit.path.dropFirst(), edit.file)
            if let place = below.firstIndex(where: { $0.name == name }) {
                below[place].edits.append(rest)
            } else {
                below.append((name, [rest]))
            }
        }
        // Folders before files: a file may take the name of a folder that loses its last one.
        var children: [(name: Name, folder: Folder)] = []
        for (name, edits) in below {
            var child = try take(name, of: &folder, database) ?? Folder()
            try apply(edits, to: &child, database, &objects)
            children.append((name, child))
        }
        var files: [Name: Tree.Entry?] = [:]
        for edit in edits where edit.path.count == 1 {
            guard let name = edit.path.first else { continue }
            folder.folders[name] = nil
            let entry = edit.file.map { Tree.Entry(name: name, mode: $0.mode, id: $0.id) }
            files.updateValue(entry, forKey: name)
        }
        folder.tree.apply(files)
        for (name, child) in children { put(child, name, into: &folder, &objects) }
    }

    private static func put(
        _ child: Folder, _ name: Name, into folder: inout Folder, _ objects: inout [NewObject]
    ) {
        var child = child
        guard !child.tree.isEmpty else {
            if folder.tree[name]?.mode == .tree { folder.tree.remove(name) }
            return
        }
        let object = Self.name(&child)
        objects.append(object)
        folder.tree.set(.init(name: name, mode: .tree, id: object.object.id))
        folder.folders[name] = child
    }

    /// Names the changed tree of a folder.
    private static func name(_ folder: inout Folder) -> NewObject {
        let object = GitObject(.tree, folder.tree.bytes)
        let change = folder.stored.flatMap {
            ByteChange(from: $0.bytes, of: $0.id, to: object.bytes)
        }
        folder.stored = object
        return NewObject(object, change: change)
    }
}
