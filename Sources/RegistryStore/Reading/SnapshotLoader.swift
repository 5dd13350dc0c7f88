internal import Git
internal import Registry

/// Reads the registry of one commit from the object database.
enum SnapshotLoader {
    /// How far back an earlier version of an invalid file is looked for.
    private static let historyLimit = 10_000

    /// - Parameters:
    ///   - fallback: the settings where the commit has no valid `registry.json`.
    ///   - cache: has the source of large documents.
    static func snapshot(
        of id: ObjectID, in repository: borrowing Repository,
        _ database: borrowing ObjectDatabase, fallback: RegistrySettings,
        cache: DerivedCache = DerivedCache()
    ) throws(GitError) -> Snapshot {
        let commit = try database.commit(id)
        var trees = TreeEditor(root: commit.tree)
        let settings = try settings(in: &trees, database) ?? fallback
        let parts = try DocumentReader(commit.tree, of: repository, database, cache: cache)
            .read(in: database)
        var snapshot = Snapshot(settings: settings, joining: parts, cache: cache)
        snapshot.setCommit(Revision(id), tree: Revision(commit.tree))
        try loadPolicy(of: id, &trees, into: &snapshot, repository, database)
        for path in snapshot.invalidPaths.keys.sorted() {
            guard let file = try trees.file(at: path, in: database) else { continue }
            let lastGood = try lastGood(path, before: id, in: repository, database)
            let bytes = try database.read(file.id, as: .blob)
            snapshot.putInvalid(path: path, bytes: bytes, lastGood: lastGood)
        }
        return snapshot
    }

    /// The settings of a tree; nil where it has none that are valid.
    static func settings(
        in trees: inout TreeEditor, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> RegistrySettings? {
        guard let file = try trees.file(at: RegistrySettings.path, in: database) else { return nil }
        return try? RegistrySettings(parsing: database.read(file.id, as: .blob))
    }

    /// Reads `policy.json`; where it is invalid, the last version before that was not holds.
    private static func loadPolicy(
        of id: ObjectID, _ trees: inout TreeEditor, into snapshot: inout Snapshot,
        _ repository: borrowing Repository, _ database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard let file = try trees.file(at: Policy.path, in: database) else { return }
        let bytes = try database.read(file.id, as: .blob)
        if (try? Policy(parsing: bytes)) == nil,
            let lastGood = try lastGoodPolicy(before: id, in: repository, database)
        {
            snapshot.put(path: Policy.path, bytes: lastGood)
        }
        snapshot.put(path: Policy.path, bytes: bytes)
    }

    /// The policy that holds at a commit, as its ``Snapshot`` has it, without reading the rest.
    static func policy(
        of id: ObjectID, in repository: borrowing Repository, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> Policy {
        var trees = TreeEditor(root: try database.commit(id).tree)
        guard let file = try trees.file(at: Policy.path, in: database) else { return .standard }
        let newest = try database.read(file.id, as: .blob)
        if let policy = try? Policy(parsing: newest) { return policy }
        let lastGood = try lastGoodPolicy(before: id, in: repository, database)
        return lastGood.flatMap { try? Policy(parsing: $0) } ?? .standard
    }

    private static func lastGoodPolicy(
        before id: ObjectID, in repository: borrowing Repository,
        _ database: borrowing ObjectDatabase
    ) throws(GitError) -> [UInt8]? {
        try newest(Policy.path, before: id, in: repository, database) { bytes in
            (try? Policy(parsing: bytes)) != nil
        }
    }

    /// The newest valid version of a document's file in the first-parent history.
    static func lastGood(
        _ path: String, before tip: ObjectID, in repository: borrowing Repository,
        _ database: borrowing ObjectDatabase
    ) throws(GitError) -> [UInt8]? {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return nil }
        return try newest(path, before: tip, in: repository, database) { bytes in
            (try? PreparedDocument(key, bytes: bytes)) != nil
        }
    }

    private static func newest(
        _ path: String, before tip: ObjectID, in repository: borrowing Repository,
        _ database: borrowing ObjectDatabase, where isValid: ([UInt8]) -> Bool
    ) throws(GitError) -> [UInt8]? {
        let places = DocumentPlaces(ofPath: path)
        var seen: Set<ObjectID> = []
        let commits = try repository.commits(
            from: tip, firstParentOnly: true, limit: historyLimit)
        for id in commits {
            let commit = try database.commit(id)
            guard let file = try places.file(in: commit.tree, of: database),
                seen.insert(file.id).inserted
            else { continue }
            let bytes = try database.read(file.id, as: .blob)
            if isValid(bytes) { return bytes }
        }
        return nil
    }
}
