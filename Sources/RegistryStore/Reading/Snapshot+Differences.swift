internal import Git
internal import Registry

extension SnapshotLoader {
    /// Brings a snapshot from its own commit to another.
    ///
    /// - Parameters:
    ///   - changes: the difference of the two trees; `registry.json` is not among them.
    ///   - id: the commit to reach.
    static func apply(
        _ changes: [TreeDifference.Change], to snapshot: inout Snapshot, reaching id: ObjectID,
        in repository: borrowing Repository, _ database: borrowing ObjectDatabase
    ) throws(GitError) {
        for change in changes {
            guard let file = change.new, file.mode == .file || file.mode == .executable else {
                snapshot.remove(path: change.path)
                continue
            }
            guard
                change.path == Policy.path || FileLayout.key(ofPath: change.path) != .notADocument
            else { continue }
            let bytes = try database.read(file.id, as: .blob)
            snapshot.put(path: change.path, bytes: bytes, blob: Revision(file.id))
            guard snapshot.isInvalid(change.path) else { continue }
            // What was served may be older than the newest version that is valid.
            let lastGood = try lastGood(change.path, before: id, in: repository, database)
            snapshot.putInvalid(path: change.path, bytes: bytes, lastGood: lastGood)
        }
        snapshot.setCommit(Revision(id), tree: Revision(try database.commit(id).tree))
    }

    /// Brings the snapshot of an earlier run to a commit.
    ///
    /// - Returns: nil where its tree is gone, or `registry.json` has changed since.
    static func snapshot(
        of id: ObjectID, from earlier: Snapshot, in repository: borrowing Repository,
        _ database: borrowing ObjectDatabase
    ) throws(GitError) -> Snapshot? {
        guard let tree = earlier.tree, database.contains(ObjectID(tree)) else { return nil }
        let difference: TreeDifference
        do throws(GitError) {
            difference = try TreeDifference(
                from: ObjectID(tree), to: database.commit(id).tree, in: database)
        } catch  where error.code == .notFound {
            return nil
        }
        guard !difference.changes.contains(where: { $0.path == RegistrySettings.path }) else {
            return nil
        }
        var snapshot = earlier
        try apply(difference.changes, to: &snapshot, reaching: id, in: repository, database)
        return snapshot
    }
}
