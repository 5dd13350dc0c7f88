internal import Git
internal import Logging
internal import Registry

extension RegistryStore {
    /// Where a commit was made that is being adopted.
    enum Origin {
        /// By a person in the working tree: files and git's index may have it already.
        case workingTree
        /// In a clone, or by the server.
        case elsewhere
    }

    /// Serves `next`, which the branch is at already.
    ///
    /// - Parameters:
    ///   - found: a person's commit that `next` was made from; the files may be as it has them.
    ///   - history: content that files and index may hold and that may go.
    func adopt(
        _ next: ObjectID, replacing found: ObjectID? = nil,
        history: [FilePath: PathHistory] = [:], origin: Origin = .workingTree
    ) throws(RegistryError) {
        do {
            let commit = try database.commit(next)
            var known = history
            let before = tip == nil ? nil : trees.root
            let changes = try TreeDifference(from: before, to: commit.tree, in: database).changes
            for change in changes {
                known[FilePath(change.path), default: PathHistory()].contents
                    .formUnion([change.old, change.new])
            }
            if let found, found != next {
                let theirs = try database.commit(found)
                for change in try TreeDifference(from: theirs.tree, to: commit.tree, in: database)
                    .changes
                {
                    known[FilePath(change.path), default: PathHistory()].contents.insert(change.old)
                }
            }
            tip = next
            trees = TreeEditor(root: commit.tree)
            try bringSnapshotForward(changes, commit: next)
            try bringForward(known, respectsIndex: origin == .workingTree)
        } catch {
            throw storageError(error)
        }
        publish()
        numbers.raise(to: committed.cratonNumbers)
        logger.info("Took in a commit made elsewhere.", metadata: ["commit": "\(next)"])
    }

    /// Applies the difference of two trees to the registry in memory.
    private func bringSnapshotForward(
        _ changes: [TreeDifference.Change], commit: ObjectID
    ) throws(GitError) {
        if changes.contains(where: { $0.path == RegistrySettings.path }) || committed.commit == nil
        {
            committed = try SnapshotLoader.snapshot(
                of: commit, in: repository, database, fallback: committed.settings, cache: cache)
            return
        }
        try SnapshotLoader.apply(
            changes, to: &committed, reaching: commit, in: repository, database)
    }

    /// A registry of a format that this program does not know is read, not written.
    private func refuseNewerFormat() throws(GitError) {
        guard let file = try trees.file(at: RegistrySettings.path, in: database) else { return }
        let bytes = try database.read(file.id, as: .blob)
        guard let version = RegistrySettings.newerFormat(of: bytes) else { return }
        report.readOnlyReason =
            "registry.json says format \(version), newer than this muster knows; install a newer one"
    }
}
