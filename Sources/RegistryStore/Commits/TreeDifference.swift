internal import Git

/// The files in which two trees differ, found without looking into folders that are the same.
struct TreeDifference {
    struct Change {
        let path: String
        let old: TreeEditor.File?
        let new: TreeEditor.File?
    }

    private(set) var changes: [Change] = []
    /// Whether there are more changes than were asked for.
    var isCut: Bool { changes.count > limit }
    private let limit: Int

    /// - Parameters:
    ///   - old: a tree; nil for the empty one.
    ///   - new: likewise.
    ///   - limit: how many changes are of interest; looking ends soon behind them.
    init(
        from old: ObjectID?, to new: ObjectID?, in database: borrowing ObjectDatabase,
        limit: Int = .max
    ) throws(GitError) {
        var trees = TreeCache(limit: 0)
        try self.init(from: old, to: new, in: database, limit: limit, &trees)
    }

    /// - Parameter trees: has those that were read lately.
    init(
        from old: ObjectID?, to new: ObjectID?, in database: borrowing ObjectDatabase,
        limit: Int = .max, _ trees: inout TreeCache
    ) throws(GitError) {
        self.limit = limit
        try compare(old, new, under: "", depth: 0, in: database, &trees)
    }

    private mutating func compare(
        _ old: ObjectID?, _ new: ObjectID?, under prefix: String, depth: Int,
        in database: borrowing ObjectDatabase, _ trees: inout TreeCache
    ) throws(GitError) {
        guard old != new, depth < TreeEditor.maximumDepth, !isCut else { return }
        let before = try old.map { id throws(GitError) in try trees.tree(id, in: database) }
        let after = try new.map { id throws(GitError) in try trees.tree(id, in: database) }
        for (left, right) in Tree.differences(from: before ?? Tree(), to: after ?? Tree()) {
            // A name that is no UTF-8 is nobody's document.
            guard let name = (left ?? right)?.name,
                let text = String(validating: name, as: UTF8.self)
            else { continue }
            let path = prefix + text
            let files = (Self.file(left), Self.file(right))
            if files.0 != files.1 {
                changes.append(Change(path: path, old: files.0, new: files.1))
            }
            let folders = (Self.folder(left), Self.folder(right))
            if folders.0 != nil || folders.1 != nil {
                try compare(
                    folders.0, folders.1, under: path + "/", depth: depth + 1, in: database,
                    &trees)
            }
        }
    }

    private static func file(_ entry: Tree.Entry?) -> TreeEditor.File? {
        guard let entry, entry.mode != .tree, entry.mode != .submodule else { return nil }
        return TreeEditor.File(mode: entry.mode, id: entry.id)
    }

    private static func folder(_ entry: Tree.Entry?) -> ObjectID? {
        guard let entry, entry.mode == .tree else { return nil }
        return entry.id
    }
}
