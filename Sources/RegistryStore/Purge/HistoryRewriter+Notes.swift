internal import Git
internal import Registry

extension HistoryRewriter {
    /// Rewrites a commit of notes, after all that notes are about.
    ///
    /// The files of notes are called after commits, and those of proposals name them.
    mutating func rewrite(
        notes id: ObjectID, in database: borrowing ObjectDatabase
    ) throws {
        let bytes = try database.read(id, as: .commit)
        let old = try Commit(parsing: bytes)
        let files = try TreeDifference(from: nil, to: old.tree, in: database).changes
        var edits: [(path: String, file: TreeEditor.File?)] = []
        var hasChanged = false
        for case let (path, file?) in files.map({ ($0.path, $0.new) }) {
            let made = TreeEditor.File(
                mode: file.mode, id: try note(file.id, in: database))
            let name = renewedName(path)
            if made != file || name != path { hasChanged = true }
            edits.append((name, made))
        }
        guard hasChanged else { return try rewrite(commit: id, bytes, tree: old.tree) }
        var trees = TreeEditor()
        for tree in try trees.apply(edits, in: database) { try keep(tree.object) }
        try rewrite(commit: id, bytes, tree: trees.root)
    }

    /// What a note says with the new ids, and without those who are purged.
    private mutating func note(
        _ id: ObjectID, in database: borrowing ObjectDatabase
    ) throws -> ObjectID {
        let old = try database.read(id, as: .blob)
        let text = rules.messages.replaced(old) ?? old
        let new = CommitText.renewing(text, renewed) ?? text
        guard new != old else { return id }
        let object = GitObject(.blob, new)
        try keep(object)
        return object.id
    }

    /// A path that is the id of a commit, perhaps with slashes in it.
    private func renewedName(_ path: String) -> String {
        let digits = path.filter { $0 != "/" }
        guard digits.utf8.count == 40, let old = ObjectID(hex: digits), let new = renewed[old]
        else {
            return rules.messages.replaced(path) ?? path
        }
        var rest = "\(new)"[...]
        return String(path.map { $0 == "/" ? "/" : rest.removeFirst() })
    }
}
