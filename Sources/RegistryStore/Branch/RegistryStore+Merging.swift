internal import Git
internal import Registry

extension RegistryStore {
    /// Takes a commit on top of the served tip as it is, but for what it takes back unseen.
    ///
    /// git's index may have been behind when the commit was made: what is old by it is no change
    /// of the person's. All else is: a file that somebody edits is not written by the server
    /// meanwhile.
    func takeDescendant(_ found: ObjectID) throws(RegistryError) {
        let history = keeper.pending.mapValues { PathHistory(contents: $0.known) }
        do {
            let theirs = try database.commit(found)
            var kept: [(path: String, file: TreeEditor.File?)] = []
            for (path, past) in history {
                var merged = TreeEditor(root: theirs.tree)
                let new = try merged.file(at: path.text, in: database)
                let ours = try trees.file(at: path.text, in: database)
                if new != ours, past.contents.contains(new) { kept.append((path.text, ours)) }
            }
            if kept.isEmpty {
                try adopt(found, history: history)
            } else {
                var merged = TreeEditor(root: theirs.tree)
                let objects = try merged.apply(kept, in: database)
                try commitMerge(of: found, theirs, merged.root, objects, history)
            }
        } catch {
            throw storageError(error)
        }
    }

    /// Merges a tip that was made by hand and does not rest on the served one.
    ///
    /// - Parameters:
    ///   - base: the newest commit that both have.
    ///   - history: what the commits from base to the served tip did to each path.
    func merge(
        _ found: ObjectID, base: ObjectID, history: [FilePath: PathHistory]
    ) throws(RegistryError) {
        do {
            let theirs = try database.commit(found)
            let start = try database.commit(base)
            var merge = TreeMerge(ours: trees)
            try merge.take(
                from: start.tree, to: theirs.tree, by: theirs.author.email, history: history,
                in: database)
            report.mergeConflicts = merge.conflicts
            try commitMerge(of: found, theirs, merge.root, merge.objects, history)
        } catch {
            throw storageError(error)
        }
    }

    private func commitMerge(
        of found: ObjectID, _ theirs: Commit, _ tree: ObjectID, _ objects: [NewObject],
        _ history: [FilePath: PathHistory]
    ) throws(RegistryError) {
        let parents = [tip, found].compactMap(\.self)
        let commit = signed(mergeCommit(of: found, theirs, tree: tree, parents))
        let all = objects + [NewObject(commit)]
        guard try moveBranch(from: found, to: commit.id, storing: all) else { return }
        try adopt(commit.id, replacing: found, history: history)
    }

    /// A merge keeps the author of what it merges; the server is its committer.
    private func mergeCommit(
        of found: ObjectID, _ theirs: Commit, tree: ObjectID, _ parents: [ObjectID]
    ) -> Commit {
        Commit(
            tree: tree, parents: parents, author: theirs.author,
            committer: .server(seconds: Clock.seconds),
            message: "Merge a commit made in the working tree: \(theirs.subject)\n")
    }
}
