internal import Git
internal import Registry

extension CommitEvent {
    /// What lies between two states of the registry.
    ///
    /// - Parameters:
    ///   - id: the commit to reach.
    ///   - previous: the one to start from; nil for the empty registry.
    init(
        reaching id: ObjectID, from previous: ObjectID?, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        let commit = try database.commit(id)
        let tree = try previous.map { id throws(GitError) in try database.commit(id).tree }
        let difference = try TreeDifference(from: tree, to: commit.tree, in: database)
        let (changes, others) = Self.documents(in: difference.changes)
        self.init(
            commit: HistoryEntry(id, commit), previous: previous.map(Revision.init),
            changes: changes, otherPaths: others)
    }

    /// Changed files, by the documents that they are.
    private static func documents(
        in files: [TreeDifference.Change]
    ) -> (changes: [Change], others: [String]) {
        var byKey: [DocumentKey: [TreeDifference.Change]] = [:]
        var others: [FilePath] = []
        for file in files {
            if case .document(let key) = FileLayout.key(ofPath: file.path) {
                byKey[key, default: []].append(file)
            } else {
                others.append(FilePath(file.path))
            }
        }
        let changes = byKey.compactMap { key, files in change(of: key, files) }
        return (changes.sorted { $0.key < $1.key }, others.sorted().map(\.text))
    }

    /// A document's file may have gone from one place and come to another.
    private static func change(of key: DocumentKey, _ files: [TreeDifference.Change]) -> Change? {
        let old = files.first { $0.old != nil && $0.new == nil } ?? files.first { $0.old != nil }
        let new = files.first { $0.new != nil }
        let blobs = (old: old?.old?.id, new: new?.new?.id)
        let kind: Change.Kind
        switch blobs {
        case (nil, nil): return nil
        case (nil, _?): kind = .created
        case (_?, nil): kind = .removed
        // Another mode alone is no change of a document.
        case (let before?, let after?) where before == after:
            guard old?.path != new?.path else { return nil }
            kind = .moved
        default: kind = .changed
        }
        return Change(
            key: key, kind: kind, path: (new ?? old)?.path ?? "",
            blob: blobs.new.map(Revision.init), previousBlob: blobs.old.map(Revision.init))
    }
}
