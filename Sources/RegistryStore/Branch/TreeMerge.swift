internal import Git
internal import Registry

/// A three-way merge of trees into the served one, document by document.
struct TreeMerge {
    private var trees: TreeEditor
    /// New trees and blobs.
    private(set) var objects: [NewObject] = []
    /// What could not be joined; ours stayed, and of what one side removed the other's version.
    private(set) var conflicts: [MergeConflict] = []
    /// What became of our files.
    private(set) var changes: [TreeDifference.Change] = []
    /// What we had where theirs changed something.
    private(set) var seen: [(path: String, file: TreeEditor.File?)] = []
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
        for step in Self.steps(try TreeDifference(from: base, to: theirs, in: database).changes) {
            let place = try ourPlace(of: step, in: database)
            let ours = try trees.file(at: place, in: database)
            seen.append((place, ours))
            let target = step.isMove ? step.to : place
            let past = history[FilePath(place)] ?? PathHistory()
            let merged = try merge(step, ours, at: place, past, by: author, in: database)
            if target != place { note(place, ours, nil) }
            note(target, target == place ? ours : try trees.file(at: target, in: database), merged)
        }
        conflicts.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let edits = changes.map { (path: $0.path, file: $0.new) }
        if !edits.isEmpty { objects += try trees.apply(edits, in: database) }
    }

    /// Writes or removes one file, whatever we have there.
    ///
    /// - Parameter blob: nil removes it.
    mutating func replace(
        _ path: String, with blob: GitObject?, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        let ours = try trees.file(at: path, in: database)
        seen.append((path, ours))
        let file = blob.map { TreeEditor.File(mode: ours?.mode ?? .file, id: $0.id) }
        guard file != ours else { return }
        // A change that this one goes on with is one with it.
        let place = changes.firstIndex { FilePath($0.path) == FilePath(path) }
        let before = place.map { changes.remove(at: $0).old } ?? ours
        note(path, before, file)
        if let blob { objects.append(NewObject(blob)) }
        objects += try trees.apply([(path, file)], in: database)
    }

    /// What they did to one file. A document that another fan-out has moved is one.
    private struct Step {
        let from: String
        let to: String
        let old: TreeEditor.File?
        let new: TreeEditor.File?

        var isMove: Bool { from != to }
    }

    private static func steps(_ changes: [TreeDifference.Change]) -> [Step] {
        var steps: [Step] = []
        var documents: [FilePath: [TreeDifference.Change]] = [:]
        for change in changes {
            documents[DocumentPlaces.name(ofPath: change.path), default: []].append(change)
        }
        for changes in documents.values {
            let removed = changes.filter { $0.new == nil }
            let added = changes.filter { $0.old == nil }
            if changes.count == 2, let from = removed.first, let to = added.first {
                steps.append(Step(from: from.path, to: to.path, old: from.old, new: to.new))
            } else {
                steps += changes.map { Step(from: $0.path, to: $0.path, old: $0.old, new: $0.new) }
            }
        }
        return steps
    }

    /// Where our side has the file, or would have it.
    private mutating func ourPlace(
        of step: Step, in database: borrowing ObjectDatabase
    ) throws(GitError) -> String {
        guard step.old != nil else { return step.to }
        for path in DocumentPlaces(ofPath: step.from).paths + [step.to]
        where try trees.file(at: path, in: database) != nil {
            return path
        }
        return step.from
    }

    /// What the file is to be.
    private mutating func merge(
        _ step: Step, _ ours: TreeEditor.File?, at place: String, _ past: PathHistory,
        by author: String, in database: borrowing ObjectDatabase
    ) throws(GitError) -> TreeEditor.File? {
        if ours == step.new || past.isOnly(by: author) { return step.new }
        if past.contents.contains(step.new) { return ours }
        if ours == step.old { return step.new }
        return try join(
            .init(path: place, old: step.old, new: step.new), ours: ours, in: database)
    }

    private mutating func note(_ path: String, _ ours: TreeEditor.File?, _ new: TreeEditor.File?) {
        if ours != new { changes.append(.init(path: path, old: ours, new: new)) }
    }

    /// Both sides changed one file: joins what it says.
    ///
    /// - Returns: the file to be, nil for none.
    private mutating func join(
        _ change: TreeDifference.Change, ours: TreeEditor.File?,
        in database: borrowing ObjectDatabase
    ) throws(GitError) -> TreeEditor.File? {
        guard let ours, let theirs = change.new else {
            // What was changed outlives what was removed.
            let reason = "removed on one side, changed on the other"
            return choose(MergeConflict(path: change.path, reason: reason), ours, change.new)
                ?? (ours ?? change.new)
        }
        guard ours.isOrdinary, theirs.isOrdinary else {
            return choose(MergeConflict(path: change.path), ours, theirs) ?? ours
        }
        if ours.id == theirs.id { return ours.mode == change.old?.mode ? theirs : ours }
        let base = try change.old.flatMap { file throws(GitError) in
            file.isOrdinary ? try database.read(file.id, as: .blob) : nil
        }
        let merge = DocumentMerge.merge(
            base: base, ours: try database.read(ours.id, as: .blob),
            theirs: try database.read(theirs.id, as: .blob), path: change.path,
            resolve: choices.side(of:))
        conflicts += merge.conflicts
        guard let bytes = merge.bytes else { return ours }
        let blob = GitObject(.blob, bytes)
        if blob.id != ours.id, blob.id != theirs.id { objects.append(NewObject(blob)) }
        return TreeEditor.File(mode: ours.mode, id: blob.id)
    }

    /// The side that was chosen, which may be no file; nil when that is still to be decided.
    private mutating func choose(
        _ conflict: MergeConflict, _ ours: TreeEditor.File?, _ theirs: TreeEditor.File?
    ) -> TreeEditor.File?? {
        switch choices.side(of: conflict) {
        case .ours: return .some(ours)
        case .theirs: return .some(theirs)
        case nil:
            conflicts.append(conflict)
            return nil
        }
    }
}

extension TreeEditor.File {
    /// Whether this is a file of its own, neither a link nor a repository.
    fileprivate var isOrdinary: Bool { mode == .file || mode == .executable }
}
