internal import Git
internal import JSON
internal import Registry

/// A three-way merge of trees into the served one, document by document.
struct TreeMerge {
    private var trees: TreeEditor
    /// New trees and blobs.
    private(set) var objects: [NewObject] = []
    /// What could not be joined; ours stayed.
    private(set) var conflicts: [MergeConflict] = []
    /// What became of our files.
    private(set) var changes: [TreeDifference.Change] = []
    private let choices: MergeChoices

    init(ours: TreeEditor, choices: MergeChoices = MergeChoices()) {
        trees = ours
        self.choices = choices
    }

    var root: ObjectID { trees.root }

    /// Takes over what changed from `base` to `theirs`.
    ///
    /// - Parameters:
    ///   - author: who made theirs, by address.
    ///   - history: what happened to our paths since base; content of theirs that is found there
    ///     is old, not a change.
    mutating func take(
        from base: ObjectID, to theirs: ObjectID, by author: String,
        history: [FilePath: PathHistory], in database: borrowing ObjectDatabase
    ) throws(GitError) {
        for change in try TreeDifference(from: base, to: theirs, in: database).changes {
            let ours = try trees.file(at: change.path, in: database)
            if ours == change.new { continue }
            let past = history[FilePath(change.path)] ?? PathHistory()
            if past.isOnly(by: author) {
                note(change.path, ours, change.new)
            } else if past.contents.contains(change.new) {
                continue
            } else if ours == change.old {
                note(change.path, ours, change.new)
            } else if let merged = try join(change, ours: ours, in: database) {
                note(change.path, ours, merged)
            }
        }
        let edits = changes.map { (path: $0.path, file: $0.new) }
        if !edits.isEmpty { objects += try trees.apply(edits, in: database) }
    }

    private mutating func note(_ path: String, _ ours: TreeEditor.File?, _ new: TreeEditor.File?) {
        if ours != new { changes.append(.init(path: path, old: ours, new: new)) }
    }

    /// Both sides changed one file: joins them member by member, or line by line.
    ///
    /// - Returns: nil when ours stays.
    private mutating func join(
        _ change: TreeDifference.Change, ours: TreeEditor.File?,
        in database: borrowing ObjectDatabase
    ) throws(GitError) -> TreeEditor.File? {
        guard let ours, let theirs = change.new else {
            conflicts.append(
                MergeConflict(
                    path: change.path, reason: "removed on one side, changed on the other"))
            // What was changed outlives what was removed.
            return ours == nil ? change.new : nil
        }
        let base = try change.old.map { file throws(GitError) in
            try database.read(file.id, as: .blob)
        }
        let left = try database.read(ours.id, as: .blob)
        let right = try database.read(theirs.id, as: .blob)
        guard let bytes = try joinBytes(base: base, ours: left, theirs: right, at: change.path)
        else { return nil }
        let blob = GitObject(.blob, bytes)
        objects.append(NewObject(blob))
        return TreeEditor.File(mode: ours.mode, id: blob.id)
    }

    private mutating func joinBytes(
        base: [UInt8]?, ours: [UInt8], theirs: [UInt8], at path: String
    ) throws(GitError) -> [UInt8]? {
        if let left = try? JSONValue(parsing: ours, options: .document),
            let right = try? JSONValue(parsing: theirs, options: .document)
        {
            let start = base.flatMap { try? JSONValue(parsing: $0, options: .document) }
            let merge = mergeJSON(base: start, ours: left, theirs: right)
            conflicts += merge.conflicts.map { conflict in
                MergeConflict(
                    path: path, pointer: conflict.pointer, base: conflict.base,
                    ours: conflict.ours, theirs: conflict.theirs)
            }
            return accepted(merge.result.canonicalBytes(), at: path)
        }
        let merge = try TextMerge(base: base ?? [], ours: ours, theirs: theirs)
        guard merge.isClean else {
            conflicts.append(MergeConflict(path: path))
            return nil
        }
        return accepted(merge.bytes, at: path)
    }

    /// Two valid documents can join to an invalid one: then ours stays.
    private mutating func accepted(_ bytes: [UInt8], at path: String) -> [UInt8]? {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return bytes }
        if (try? PreparedDocument(key, bytes: bytes)) != nil { return bytes }
        conflicts.append(MergeConflict(path: path, reason: "the joined document is not valid"))
        return nil
    }
}
