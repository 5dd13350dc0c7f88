internal import Git
internal import Registry

/// What the served branch would be with a commit from elsewhere taken in; nothing is stored yet.
struct MergePlan {
    let ours: ObjectID
    let theirs: ObjectID
    /// The newest commit that both have.
    let base: ObjectID
    /// What comes of it.
    let result: PlannedTree

    /// Nothing has to be merged: theirs rests on ours.
    var isDescendant: Bool { base == ours }
    /// There is nothing to take: ours rests on theirs.
    var isContained: Bool { base == theirs }

    var root: ObjectID { result.root }
    var objects: [NewObject] { result.objects }
    var conflicts: [MergeConflict] { result.conflicts }
    var changes: [TreeDifference.Change] { result.changes }

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
            result = try PlannedTree(
                existing: base == ours ? trees.theirs : trees.ours, after: trees.ours, in: database)
            return
        }
        var merge = TreeMerge(ours: TreeEditor(root: trees.ours), choices: choices)
        try merge.take(
            from: trees.base, to: trees.theirs, by: "", history: [:], in: database)
        result = PlannedTree(merge)
    }

    /// The registry as it would be.
    ///
    /// - Parameter snapshot: the registry at ``ours``.
    func applied(
        to snapshot: Snapshot, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> Snapshot {
        try result.applied(to: snapshot, reaching: Revision(theirs), database)
    }
}
