internal import Git
internal import Registry

/// Makes a history without what is to be purged: objects that do not change keep their ids, and
/// with them all commits before the first that does.
///
/// Byte for byte, because what git's own exporters do not know of a commit they leave out, and then
/// every id would be another.
struct HistoryRewriter {
    let rules: PurgeRules
    /// Takes each new object.
    private let store: (GitObject) throws -> Void
    /// Of commits and tags, those that changed.
    private(set) var renewed: [ObjectID: ObjectID] = [:]
    private(set) var changedBlobs = 0
    private(set) var removedEntries = 0
    private(set) var commitCount = 0
    /// Commits whose signatures are gone.
    private(set) var unsignedCommits = 0
    private var blobs: [ObjectID: ObjectID] = [:]
    /// By the folder that they are in where documents are removed; nil for trees that are gone.
    private var trees: [TreePlace: ObjectID?] = [:]

    private struct TreePlace: Hashable {
        let id: ObjectID
        let folder: String
    }

    init(_ rules: PurgeRules, store: @escaping (GitObject) throws -> Void) {
        self.rules = rules
        self.store = store
    }

    /// What a commit or tag is now called.
    func id(of old: ObjectID) -> ObjectID { renewed[old] ?? old }

    /// Stores a new object.
    func keep(_ object: GitObject) throws { try store(object) }

    // MARK: Files

    /// What a blob becomes.
    mutating func blob(
        _ id: ObjectID, in database: borrowing ObjectDatabase
    ) throws -> ObjectID {
        if let known = blobs[id] { return known }
        var made = id
        if !rules.texts.isEmpty,
            let bytes = rules.texts.replaced(try database.read(id, as: .blob))
        {
            let object = GitObject(.blob, bytes)
            try store(object)
            made = object.id
            changedBlobs += 1
        }
        blobs[id] = made
        return made
    }

    /// What a tree becomes; nil where nothing of it is left.
    ///
    /// - Parameter folder: with a final slash, but for the root's.
    mutating func tree(
        _ id: ObjectID, _ folder: String = "", depth: Int = 0, in database: borrowing ObjectDatabase
    ) throws -> ObjectID? {
        guard depth < TreeEditor.maximumDepth else {
            throw PurgeError(
                "folders are nested more than \(TreeEditor.maximumDepth) deep: \(folder)")
        }
        let place = TreePlace(id: id, folder: rules.documents.isEmpty ? "" : folder)
        if let known = trees[place] { return known }
        let old = try Tree(parsing: database.read(id, as: .tree))
        var new = old
        for entry in old.entries {
            let made = try self.entry(entry, folder, depth: depth, in: database)
            guard made != entry else { continue }
            guard let made else {
                new.remove(entry.name)
                continue
            }
            if made.name != entry.name {
                guard old[made.name] == nil else {
                    let name = String(decoding: made.name, as: UTF8.self)
                    throw PurgeError(
                        "two files would be called \(folder)\(name); name another "
                            + "replacement")
                }
                new.remove(entry.name)
            }
            new.set(made)
        }
        var result: ObjectID? = id
        if new != old {
            let object = GitObject(.tree, new.bytes)
            try store(object)
            // The root stays, empty or not.
            result = new.isEmpty && !folder.isEmpty ? nil : object.id
        }
        trees[place] = .some(result)
        return result
    }

    private mutating func entry(
        _ entry: Tree.Entry, _ folder: String, depth: Int, in database: borrowing ObjectDatabase
    ) throws -> Tree.Entry? {
        var made = entry
        let path = folder + String(decoding: entry.name, as: UTF8.self)
        switch entry.mode {
        case .tree:
            let tree = try tree(entry.id, path + "/", depth: depth + 1, in: database)
            guard let tree else { return nil }
            made.id = tree
        case .file, .executable, .link:
            guard !rules.removes(path) else {
                removedEntries += 1
                return nil
            }
            made.id = try blob(entry.id, in: database)
        case .submodule: break
        }
        if let name = rules.texts.replaced(entry.name) { made.name = name }
        return made
    }

    // MARK: Commits

    /// Rewrites a commit whose parents have been already.
    mutating func rewrite(
        commit id: ObjectID, in database: borrowing ObjectDatabase
    ) throws {
        let bytes = try database.read(id, as: .commit)
        let old = try Commit(parsing: bytes)
        let tree = try tree(old.tree, in: database) ?? old.tree
        try rewrite(commit: id, bytes, tree: tree)
    }

    /// - Parameter tree: what its tree has become.
    mutating func rewrite(commit id: ObjectID, _ bytes: [UInt8], tree: ObjectID) throws {
        commitCount += 1
        let made = CommitText(bytes).rewritten(rules, tree: tree, renewed: renewed)
        guard let made, made != bytes else { return }
        let object = GitObject(.commit, made)
        try store(object)
        if SignedContent(of: bytes).signature != nil { unsignedCommits += 1 }
        renewed[id] = object.id
    }

    /// Rewrites a tag whose target has been already.
    mutating func rewrite(tag id: ObjectID, in database: borrowing ObjectDatabase) throws {
        let bytes = try database.read(id, as: .tag)
        guard let made = CommitText(bytes).rewritten(rules, tree: nil, renewed: renewed),
            made != bytes
        else { return }
        let object = GitObject(.tag, made)
        try store(object)
        renewed[id] = object.id
    }
}
