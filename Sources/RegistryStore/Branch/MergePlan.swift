internal import Git
internal import JSON
internal import Registry

/// What the served branch would be with a commit from elsewhere taken in; nothing is stored yet.
struct MergePlan {
    let ours: ObjectID
    let theirs: ObjectID
    /// The newest commit that both have.
    let base: ObjectID
    /// The tree after it.
    let root: ObjectID
    /// New trees and blobs.
    let objects: [NewObject]
    /// Where both sides changed one place; our side is in the tree.
    let conflicts: [MergeConflict]
    /// What it does to the served files.
    let changes: [TreeDifference.Change]
    private let blobs: [ObjectID: [UInt8]]

    /// Nothing has to be merged: theirs rests on ours.
    var isDescendant: Bool { base == ours }
    /// There is nothing to take: ours rests on theirs.
    var isContained: Bool { base == theirs }

    /// - Parameters:
    ///   - choices: what a person has decided at conflicts.
    ///   - agreed: what both have in common, where that is more than their histories say.
    /// - Returns: nil where the two histories have nothing in common.
    init?(
        taking theirs: ObjectID, into ours: ObjectID, choices: MergeChoices = MergeChoices(),
        since agreed: ObjectID? = nil, of repository: borrowing Repository,
        _ database: borrowing ObjectDatabase
    ) throws(GitError) {
        var common = agreed
        if common == nil { common = try repository.mergeBase(ours, theirs) }
        guard let base = common else { return nil }
        self.ours = ours
        self.theirs = theirs
        self.base = base
        let trees = (
            base: try database.commit(base).tree, ours: try database.commit(ours).tree,
            theirs: try database.commit(theirs).tree
        )
        guard base != ours, base != theirs else {
            root = base == ours ? trees.theirs : trees.ours
            objects = []
            conflicts = []
            blobs = [:]
            changes = try TreeDifference(from: trees.ours, to: root, in: database).changes
            return
        }
        var merge = TreeMerge(ours: TreeEditor(root: trees.ours), choices: choices)
        try merge.take(
            from: trees.base, to: trees.theirs, by: "", history: [:], in: database)
        root = merge.root
        objects = merge.objects
        conflicts = merge.conflicts
        changes = merge.changes
        blobs = Dictionary(
            merge.objects.filter { $0.object.kind == .blob }.map { ($0.object.id, $0.object.bytes) }
        ) { first, _ in first }
    }

    /// The registry as it would be.
    ///
    /// - Parameter snapshot: the registry at ``ours``.
    func applied(
        to snapshot: Snapshot, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> Snapshot {
        var next = snapshot
        for change in changes {
            guard let file = change.new, file.mode == .file || file.mode == .executable else {
                // Without its settings it would be no registry.
                if change.path == RegistrySettings.path { next.put(path: change.path, bytes: []) }
                next.remove(path: change.path)
                continue
            }
            let place = FileLayout.key(ofPath: change.path)
            guard change.path == RegistrySettings.path || place != .notADocument else { continue }
            let bytes = try bytes(of: file.id, database)
            if case .document(let key) = place,
                let document = try? PreparedDocument(key, bytes: bytes, blob: Revision(file.id))
            {
                next.put(path: change.path, document, isCommitted: blobs[file.id] == nil)
            } else {
                next.put(path: change.path, bytes: bytes, blob: Revision(file.id))
            }
        }
        next.setCommit(Revision(theirs), tree: Revision(root))
        return next
    }

    /// The content of a file, new or stored.
    func bytes(
        of id: ObjectID, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> [UInt8] {
        if let bytes = blobs[id] { return bytes }
        return try database.read(id, as: .blob)
    }
}

extension Snapshot {
    /// The errors that this registry has and an earlier one had not.
    func newErrors(since earlier: Snapshot) -> [Problem] {
        let before = Set(earlier.problems)
        let new = problems.filter { $0.severity == .error && !before.contains($0) }
        guard settings.servedBranch != earlier.settings.servedBranch else { return new }
        let reason =
            "The branch \(earlier.settings.servedBranch) is served, and its own content cannot "
            + "change that; edit it where the server runs, and start it again."
        return new + [
            Problem(
                .error, .content, path: RegistrySettings.path,
                pointer: JSONPointer(tokens: ["served_branch"]), reason: reason)
        ]
    }
}
