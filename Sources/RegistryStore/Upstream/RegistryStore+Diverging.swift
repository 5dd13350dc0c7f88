internal import Git
internal import Registry

/// What the server has made for an upstream that it cannot join as a whole.
struct Outgoing: Sendable {
    /// Rests on the upstream's tip, or is that, where it has everything already.
    let commit: Revision
    /// What both have in common when that is there: see ``RegistryStore/outgoing(onto:as:)``.
    let agreed: Revision
}

extension RegistryStore {
    /// Keeps what is on its way to the upstream.
    static let outgoing = "refs/muster/outgoing"
    /// Keeps what was agreed with the upstream when it was there last.
    static let agreed = "refs/muster/agreed"
    private static let agreeing = "refs/muster/agreeing"

    /// Takes from a commit what can be joined, as a commit of its own: the histories stay apart, so
    /// that what both sides changed in different ways is still to be decided.
    ///
    /// - Returns: where both sides changed one place; our side stays.
    func takeApart(
        _ commit: Revision, as way: TakenIn
    ) throws(RegistryError) -> [MergeConflict] {
        settleFiles()
        try requireWritable()
        return try againWhenMoved { () throws(RegistryError) in
            try takeApartOnce(ObjectID(commit), way)
        }
    }

    /// - Returns: nil when the branch was moved by somebody else meanwhile.
    private func takeApartOnce(
        _ commit: ObjectID, _ way: TakenIn
    ) throws(RegistryError) -> [MergeConflict]? {
        do {
            let tip = try requireTip()
            let plan = try plan(taking: commit, into: tip, way)
            if let path = firstUncommittedPath(of: plan.result) {
                throw RegistryError.uncommittedEdit(path: path)
            }
            guard plan.root != trees.root else { return plan.conflicts }
            let made = signed(way.commit(of: plan.root, parents: [tip]))
            let objects = plan.objects + [NewObject(made)]
            guard try moveBranch(from: tip, to: made.id, storing: objects) else { return nil }
            try adopt(made.id, origin: .elsewhere)
            return plan.conflicts
        } catch {
            throw storageError(error)
        }
    }

    /// A commit on top of the upstream's tip with all of ours that can be joined; of the rest it keeps
    /// the upstream's side.
    ///
    /// The histories do not say that both have it then. Another commit does, whose parents they are:
    /// it holds what both have, and of what they do not agree on what that was before. The next merge
    /// begins there; else it would take what one side has taken back for news of the other.
    func outgoing(
        onto theirs: Revision, as way: TakenIn
    ) throws(RegistryError) -> Outgoing {
        do {
            let (tip, theirs) = (try requireTip(), ObjectID(theirs))
            let plan = try plan(taking: tip, into: theirs, way)
            var objects = plan.objects
            var commit = theirs
            if try plan.root != database.commit(theirs).tree {
                let made = signed(way.commit(of: plan.root, parents: [theirs]))
                objects.append(NewObject(made))
                commit = made.id
            }
            try moveReferences([(Self.outgoing, commit)], storing: objects)
            var agreed = TreeEditor(root: plan.root)
            let open = try TreeDifference(from: plan.root, to: trees.root, in: database).changes
            var base = TreeEditor(root: try database.commit(plan.base).tree)
            var before: [(path: String, file: TreeEditor.File?)] = []
            for change in open {
                before.append((change.path, try base.file(at: change.path, in: database)))
            }
            let trees = try agreed.apply(before, in: database)
            let record = GitObject(
                .commit, way.commit(of: agreed.root, parents: [tip, commit]).bytes)
            try moveReferences(
                [(Self.agreeing, record.id)], storing: trees + [NewObject(record)])
            return Outgoing(commit: Revision(commit), agreed: Revision(record.id))
        } catch {
            throw storageError(error)
        }
    }

    private func requireTip() throws(RegistryError) -> ObjectID {
        guard let tip else { throw .busy(reason: "\(branch) has no commit yet") }
        return tip
    }

    private func plan(
        taking theirs: ObjectID, into ours: ObjectID, _ way: TakenIn
    ) throws -> MergePlan {
        guard
            let plan = try MergePlan(
                taking: theirs, into: ours, since: way.base.map { ObjectID($0) },
                of: repository, database)
        else { throw RegistryError.unrelated(commit: "\(theirs)", branch: report.branch) }
        return plan
    }
}
