internal import Git
internal import Registry

/// A chain of commits on top of the served tip, in memory until the whole batch is stored.
struct Draft {
    /// The registry after the newest commit of the chain.
    private(set) var snapshot: Snapshot
    private(set) var trees: TreeEditor
    private(set) var tip: ObjectID?
    /// Every new object, each after those that it names.
    private(set) var objects: [NewObject] = []
    /// The files that differ from the working tree, by path.
    private(set) var files: [FilePath: FileEdit] = [:]
    var commits: Int { log.count }
    /// Each commit with what it changes, oldest first.
    private(set) var log: [(id: ObjectID, item: HistoryFeed.Item)] = []
    /// Size of all new objects.
    private(set) var bytes = 0

    /// What a batch does to one file.
    struct FileEdit {
        /// What the branch held before the batch.
        let old: TreeEditor.File?
        var new: TreeEditor.File?
        var bytes: [UInt8]?
    }

    /// One file that a transaction wants to write, or to remove when `document` is nil.
    struct Step {
        let path: String
        let document: PreparedDocument?
        let old: TreeEditor.File?
    }

    init(snapshot: Snapshot, trees: TreeEditor, tip: ObjectID?) {
        self.snapshot = snapshot
        self.trees = trees
        self.tip = tip
    }

    /// The files that `changes` really change; none when the registry holds them already.
    mutating func steps(
        for changes: [Change], in database: borrowing ObjectDatabase
    ) throws(GitError) -> [Step] {
        var steps: [Step] = []
        for change in snapshot.fileChanges(for: changes) {
            let old = try trees.file(at: change.path, in: database)
            guard old?.id != change.document.map({ ObjectID($0.blob) }) else { continue }
            steps.append(Step(path: change.path, document: change.document, old: old))
        }
        return steps
    }

    /// Adds one commit.
    mutating func commit(
        _ steps: [Step], _ message: CommitMessage, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        var edits: [(path: String, file: TreeEditor.File?)] = []
        var blobs: [GitObject] = []
        for step in steps {
            var file: TreeEditor.File?
            if let document = step.document {
                let blob = GitObject(
                    id: ObjectID(document.blob), kind: .blob, bytes: document.bytes)
                blobs.append(blob)
                file = TreeEditor.File(mode: step.old?.mode ?? .file, id: blob.id)
            }
            edits.append((step.path, file))
        }
        let trees = try self.trees.apply(edits, in: database)
        let made = message.commit(tree: self.trees.root, parents: tip.map { [$0] } ?? [])
        let commit = GitObject(.commit, made.bytes)
        let new = blobs.map { NewObject($0) } + trees + [NewObject(commit)]
        objects += new
        bytes += new.reduce(0) { $0 + $1.object.bytes.count }
        for (step, edit) in zip(steps, edits) {
            files[FilePath(step.path), default: FileEdit(old: step.old)].new = edit.file
            files[FilePath(step.path)]?.bytes = step.document?.bytes
            if let document = step.document {
                snapshot.put(path: step.path, document)
            } else {
                snapshot.remove(path: step.path)
            }
        }
        tip = commit.id
        snapshot.setCommit(Revision(commit.id), tree: Revision(self.trees.root))
        let changes = zip(steps, edits).map { step, edit in
            TreeDifference.Change(path: step.path, old: step.old, new: edit.file)
        }
        log.append((commit.id, HistoryFeed.Item(commit: made, changes: changes)))
    }

    /// Signs the newest commit of the chain, and by its parents' ids all that were before it.
    ///
    /// - Returns: the commit's id until now.
    mutating func signNewest(with key: SigningKey) -> ObjectID? {
        guard let newest = log.popLast(), objects.popLast() != nil else { return nil }
        let commit = GitObject(.commit, key.signed(newest.item.commit).bytes)
        objects.append(NewObject(commit))
        log.append((commit.id, newest.item))
        tip = commit.id
        snapshot.setCommit(Revision(commit.id), tree: Revision(trees.root))
        return newest.id
    }
}

extension Draft.FileEdit {
    fileprivate init(old: TreeEditor.File?) { self.init(old: old, new: nil, bytes: nil) }
}

extension ObjectID {
    init(_ revision: Revision) { self.init(words: revision.words) }
}

extension Revision {
    init(_ id: ObjectID) { self.init(words: id.words) }
}
