internal import Git
internal import JSON
internal import Registry

/// The tree that the served branch would have, with what leads there; nothing is stored yet.
struct PlannedTree {
    let root: ObjectID
    /// New trees and blobs.
    let objects: [NewObject]
    /// Where two sides changed one place; ours is in the tree.
    let conflicts: [MergeConflict]
    /// What it does to the served files.
    let changes: [TreeDifference.Change]
    private let blobs: [ObjectID: [UInt8]]

    /// A tree that the repository has.
    init(
        existing root: ObjectID, after ours: ObjectID, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        self.root = root
        objects = []
        conflicts = []
        blobs = [:]
        changes = try TreeDifference(from: ours, to: root, in: database).changes
    }

    init(_ merge: TreeMerge) {
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
    /// - Parameters:
    ///   - snapshot: the registry before.
    ///   - commit: the commit that it would be at; nil where there is none yet.
    func applied(
        to snapshot: Snapshot, reaching commit: Revision?, _ database: borrowing ObjectDatabase
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
            guard Policy.guardedPaths.contains(change.path) || place != .notADocument else {
                continue
            }
            let bytes = try bytes(of: file.id, database)
            if case .document(let key) = place,
                let document = try? PreparedDocument(key, bytes: bytes, blob: Revision(file.id))
            {
                next.put(path: change.path, document, isCommitted: blobs[file.id] == nil)
            } else {
                next.put(path: change.path, bytes: bytes, blob: Revision(file.id))
            }
        }
        next.setCommit(commit, tree: Revision(root))
        return next
    }

    /// A blob that the repository does not have yet.
    func newBlob(_ id: ObjectID) -> [UInt8]? { blobs[id] }

    /// A blob that the plan names, new or old.
    func bytes(
        of id: ObjectID, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> [UInt8] {
        if let bytes = blobs[id] { return bytes }
        return try database.read(id, as: .blob)
    }

    /// Every document that it changes.
    var keys: Set<DocumentKey> {
        var keys: Set<DocumentKey> = []
        for change in changes {
            if case .document(let key) = FileLayout.key(ofPath: change.path) { keys.insert(key) }
        }
        return keys
    }
}

extension Snapshot {
    /// What is no error but that people should know before, and an earlier registry had not: a number
    /// that two documents would have, a name that two would share.
    func newWarnings(since earlier: Snapshot) -> [Problem] {
        let before = Set(earlier.problems)
        return problems.filter { $0.severity == .warning && !before.contains($0) }
    }

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
