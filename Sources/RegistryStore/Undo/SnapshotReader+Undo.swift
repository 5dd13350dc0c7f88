internal import Git
internal import Registry

extension SnapshotReader {
    /// What `work` would do to the registry of `served`.
    func plan(
        _ work: UndoWork, choices: MergeChoices, on served: Snapshot
    ) throws -> (plan: UndoPlan, after: Snapshot) {
        let handle = try opened()
        guard let tree = served.tree else { throw RegistryError.nothingServed }
        let plan = try UndoPlan(
            work, on: served, TreeEditor(root: ObjectID(tree)), choices: choices,
            in: handle.database)
        let after = try plan.result.applied(to: served, reaching: nil, handle.database)
        return (plan, after)
    }

    /// The preview for people of a plan.
    func preview(
        of plan: UndoPlan, _ work: UndoWork, _ request: UndoRequest, needed: [NeededDocument],
        on served: Snapshot
    ) throws -> UndoPreview {
        let handle = try opened()
        let commits = try work.commits.map { id in
            HistoryEntry(id, try handle.database.commit(id))
        }
        return UndoPreview(
            request: request, subject: work.subject, commits: commits,
            commitCount: work.commitCount,
            effect: try ChangePreview(
                plan.result, reaching: nil, after: served, handle.database),
            needed: needed, notes: work.notes, tag: plan.tag)
    }

    /// The work of taking back what brought the registry from `older` to `newer`.
    func reverting(from older: ObjectID, to newer: ObjectID, name: String) throws -> UndoWork {
        let handle = try opened()
        guard older != newer, try handle.repository.isAncestor(older, of: newer) else {
            throw RegistryError.cannotUndo(
                reason: "\(name) is no way forward; name the older state first")
        }
        let commits = try handle.repository.commits(from: newer, hiding: [older])
        let trees = (
            from: try handle.database.commit(newer).tree, to: try handle.database.commit(older).tree
        )
        return UndoWork(
            way: .init(from: trees.from, to: trees.to),
            subject: "Revert \(commits.count) commit\(commits.count == 1 ? "" : "s")",
            trailers: [Trailer("Reverts", "\(older)..\(newer)")],
            commits: Array(commits.prefix(Self.commitLimit)), commitCount: commits.count,
            source: older)
    }

    /// The work of taking back one commit.
    func reverting(_ id: ObjectID) throws -> UndoWork {
        let handle = try opened()
        let commit = try handle.database.commit(id)
        guard let parent = commit.parents.first else {
            throw RegistryError.cannotUndo(
                reason: "\(Revision(id).short) is the first commit; nothing was before it")
        }
        guard handle.database.contains(parent) else {
            throw RegistryError.cannotUndo(
                reason: "this clone is shallow and lacks what was before \(Revision(id).short); "
                    + "git fetch --unshallow brings it")
        }
        var work = UndoWork(
            way: .init(from: commit.tree, to: try handle.database.commit(parent).tree),
            subject: "Revert \"\(commit.subject)\"",
            trailers: [Trailer("Reverts", "\(id)")], commits: [id], commitCount: 1, source: parent)
        if commit.parents.count > 1 {
            work.notes.append(
                "The commit is a merge: what it brought into \(Revision(parent).short) is taken "
                    + "back.")
        }
        return work
    }

    /// A document as a commit has it; nil where it has none.
    ///
    /// - Throws: ``RegistryError/cannotUndo(reason:)`` for a version that breaks rules.
    func document(_ key: DocumentKey, at commit: ObjectID) throws -> PreparedDocument? {
        let handle = try opened()
        let tree = try handle.database.commit(commit).tree
        let usual = DocumentPlaces(ofPath: FileLayout.path(for: key, depth: 0))
        var found = try usual.file(in: tree, of: handle.database)
        if found == nil {
            // People keep files in folders of their own.
            found = try TreeDifference(from: nil, to: tree, in: handle.database).changes
                .filter { FileLayout.key(ofPath: $0.path) == .document(key) }
                .min { FilePath($0.path) < FilePath($1.path) }?.new
        }
        guard let found, found.mode == .file || found.mode == .executable else { return nil }
        do {
            return try PreparedDocument(
                key, bytes: handle.database.read(found.id, as: .blob), blob: Revision(found.id))
        } catch let error as InvalidDocument {
            throw RegistryError.cannotUndo(
                reason: "\(key) is not valid as \(Revision(commit).short) has it: \(error)")
        }
    }

    /// The newest version of a document that is gone, by the newest commits of its history.
    ///
    /// - Returns: the document, the commit that has it, and the one that removed it.
    func lastVersion(
        of key: DocumentKey, in history: [HistoryEntry]
    ) throws -> (document: PreparedDocument, at: ObjectID, removed: ObjectID)? {
        let handle = try opened()
        for entry in history {
            let id = ObjectID(entry.revision)
            if let document = try document(key, at: id) { return (document, id, id) }
            guard let parent = try handle.database.commit(id).parents.first,
                handle.database.contains(parent),
                let document = try document(key, at: parent)
            else { continue }
            return (document, parent, id)
        }
        return nil
    }

    /// The version of a document that a commit of the served line removed.
    func version(
        of key: DocumentKey, before commit: ObjectID
    ) throws -> (document: PreparedDocument, at: ObjectID, removed: ObjectID)? {
        let handle = try opened()
        guard let parent = try handle.database.commit(commit).parents.first,
            let document = try document(key, at: parent)
        else { return nil }
        return (document, parent, commit)
    }

    /// Who named a document in a commit, and is gone as well.
    func goneReferrers(
        of key: DocumentKey, at commit: ObjectID, now served: Snapshot
    ) throws -> (gone: [DocumentKey], kept: [DocumentKey]) {
        let then = try snapshot(of: commit, near: served)
        let referrers = then.referrers(of: key)
        return (
            referrers.filter { served[$0] == nil },
            referrers.filter { source in
                served[source].map { stored in
                    !stored.content.references.contains { $0.target == key }
                } ?? false
            }
        )
    }
}

extension RegistryError {
    static let nothingServed = RegistryError.busy(reason: "The served branch has no commit yet.")
}
