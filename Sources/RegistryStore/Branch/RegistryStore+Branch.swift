internal import Git
internal import Logging
internal import Registry

extension RegistryStore {
    /// Looks where HEAD and the served branch are, and takes in what was committed by hand.
    func lookAtBranch() throws(RegistryError) {
        do {
            let head = try repository.headBranch()
            let elsewhere = head == branch ? nil : try headName(head)
            if elsewhere != report.headElsewhere { noteHead(elsewhere) }
            let found = try repository.target(of: branch)
            if found != tip { try takeIn(found) }
        } catch {
            throw storageError(error)
        }
    }

    /// What HEAD is on: a branch without `refs/heads/`, or a commit.
    private func headName(_ branch: String?) throws(GitError) -> String {
        guard let branch else {
            return try repository.target(of: "HEAD").map { "\($0)" } ?? "nothing"
        }
        return branch.hasPrefix("refs/heads/") ? String(branch.dropFirst(11)) : branch
    }

    private func noteHead(_ elsewhere: String?) {
        report.headElsewhere = elsewhere
        // The files are another branch's now, or the served one's again.
        edits.removeAll()
        if elsewhere == nil { lookAtAllFiles() }
        publish()
        logger.notice(
            "HEAD moved to another branch or back.",
            metadata: ["head": "\(elsewhere ?? report.branch)"])
    }

    /// The branch is not where the server left it.
    private func takeIn(_ found: ObjectID?) throws(RegistryError) {
        do {
            guard let tip else {
                if let found { try adopt(found) }
                return
            }
            guard let found else {
                try putBack(from: nil, to: tip)
                return
            }
            if try repository.isAncestor(tip, of: found) {
                try takeDescendant(found)
            } else if try repository.isAncestor(found, of: tip) {
                try keepRewound(found)
                try putBack(from: found, to: tip)
            } else if let base = try repository.mergeBase(tip, found) {
                try keepRewound(found)
                try merge(found, base: base, history: histories(since: base, to: tip))
            } else {
                try keepRewound(found)
                try putBack(from: found, to: tip)
            }
        } catch {
            throw storageError(error)
        }
    }

    /// Keeps a person's tip under a name of its own, because the branch will not have it.
    private func keepRewound(_ found: ObjectID) throws(GitError) {
        let time = Self.compact(.now)
        var name = "refs/heads/rewound-\(time)"
        var number = 1
        while let other = try repository.target(of: name), other != found {
            number += 1
            name = "refs/heads/rewound-\(time)-\(number)"
        }
        try repository.setReference(name, to: found, message: "muster: kept from \(branch)")
        report.rewoundTips = try repository.references(matching: "refs/heads/rewound-*").sorted()
        logger.notice(
            "The branch was taken back or rewritten by hand; the tip is kept.",
            metadata: ["reference": "\(name)", "tip": "\(found)"])
    }

    /// `20260131T120000Z`, which a reference's name can hold.
    private static func compact(_ time: Timestamp) -> String {
        time.description.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The served branch only grows: it goes back to the served tip, and files and index with it.
    private func putBack(
        from found: ObjectID?, to tip: ObjectID
    ) throws(RegistryError) {
        guard try moveBranch(from: found, to: tip, storing: []) else { return }
        do {
            if let found { try bringForward(histories(since: found, to: tip)) }
        } catch {
            throw storageError(error)
        }
        publish()
    }

    /// Takes a commit on top of the served tip as it is, but for what it takes back unseen.
    ///
    /// git's index may have been behind when the commit was made: what is old by it is no change
    /// of the person's. All else is: a file that somebody edits is not written by the server
    /// meanwhile.
    private func takeDescendant(_ found: ObjectID) throws(RegistryError) {
        let history = keeper.pending.mapValues { PathHistory(contents: $0.known) }
        do {
            let theirs = try Commit(parsing: database.read(found, as: .commit))
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
    private func merge(
        _ found: ObjectID, base: ObjectID, history: [FilePath: PathHistory]
    ) throws(RegistryError) {
        do {
            let theirs = try Commit(parsing: database.read(found, as: .commit))
            let start = try Commit(parsing: database.read(base, as: .commit))
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
        let commit = GitObject(
            .commit, mergeCommit(of: found, theirs, tree: tree, parents).bytes)
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

    /// Serves `next`, which the branch is at already.
    ///
    /// - Parameters:
    ///   - found: a person's commit that `next` was made from; the files may be as it has them.
    ///   - history: content that files and index may hold and that may go.
    func adopt(
        _ next: ObjectID, replacing found: ObjectID? = nil,
        history: [FilePath: PathHistory] = [:]
    ) throws(RegistryError) {
        do {
            let commit = try Commit(parsing: database.read(next, as: .commit))
            var known = history
            let before = tip == nil ? nil : trees.root
            let changes = try TreeDifference(from: before, to: commit.tree, in: database).changes
            for change in changes {
                known[FilePath(change.path), default: PathHistory()].contents
                    .formUnion([change.old, change.new])
            }
            if let found, found != next {
                let theirs = try Commit(parsing: database.read(found, as: .commit))
                for change in try TreeDifference(from: theirs.tree, to: commit.tree, in: database)
                    .changes
                {
                    known[FilePath(change.path), default: PathHistory()].contents.insert(change.old)
                }
            }
            try logCommits(upTo: next)
            tip = next
            trees = TreeEditor(root: commit.tree)
            try bringSnapshotForward(changes, commit: next)
            try bringForward(known, respectsIndex: true)
        } catch {
            throw storageError(error)
        }
        publish()
        logger.info("Took in a commit made elsewhere.", metadata: ["commit": "\(next)"])
    }

    /// Adds the commits that came with `next` to the log of changes.
    private func logCommits(upTo next: ObjectID) throws(GitError) {
        for id in try repository.commits(from: next, hiding: tip.map { [$0] } ?? []).reversed() {
            let commit = try Commit(parsing: database.read(id, as: .commit))
            let parent = try commit.parents.first.map { id throws(GitError) in
                try Commit(parsing: database.read(id, as: .commit)).tree
            }
            let difference = try TreeDifference(from: parent, to: commit.tree, in: database)
            reader.log.addNewest(id, difference.changes.map(\.path))
        }
    }

    /// Applies the difference of two trees to the registry in memory.
    private func bringSnapshotForward(
        _ changes: [TreeDifference.Change], commit: ObjectID
    ) throws(GitError) {
        if changes.contains(where: { $0.path == RegistrySettings.path }) || committed.commit == nil
        {
            committed = try SnapshotLoader.snapshot(
                of: commit, in: repository, database, fallback: committed.settings)
            return
        }
        for change in changes {
            guard let file = change.new, file.mode == .file || file.mode == .executable else {
                committed.remove(path: change.path)
                continue
            }
            guard case .notADocument = FileLayout.key(ofPath: change.path) else {
                let bytes = try database.read(file.id, as: .blob)
                committed.put(path: change.path, bytes: bytes, blob: Revision(file.id))
                continue
            }
        }
        committed.setCommit(Revision(commit), tree: Revision(trees.root))
    }

    /// A registry of a format that this program does not know is read, not written.
    private func refuseNewerFormat() throws(GitError) {
        guard let file = try trees.file(at: RegistrySettings.path, in: database) else { return }
        let bytes = try database.read(file.id, as: .blob)
        guard let version = RegistrySettings.newerFormat(of: bytes) else { return }
        report.readOnlyReason =
            "registry.json says format \(version), newer than this muster knows; install a newer one"
    }

    /// Brings files and git's index to the served tip wherever they hold content that is known.
    ///
    /// - Parameters:
    ///   - respectsIndex: leaves files alone whose entry in git's index is what is wanted: a person
    ///     has made the commit from there, and what the file holds beside it is theirs.
    ///   - acceptsTorn: takes the beginning of known content for it.
    func bringForward(
        _ known: [FilePath: PathHistory], respectsIndex: Bool = false, acceptsTorn: Bool = false
    ) throws(RegistryError) {
        do {
            let staged = respectsIndex ? try pathsStagedAsWanted(among: known.keys) : []
            for (key, history) in known {
                let path = key.text
                let contents = history.contents
                let wanted = try trees.file(at: path, in: database)
                for content in contents { keeper.note(path, from: content, to: wanted) }
                if report.headElsewhere == nil, !staged.contains(key) {
                    try bringFile(path, to: wanted, from: contents, acceptsTorn: acceptsTorn)
                }
            }
            // A file that a reset took away looked like a person's removal until now.
            lookAtFiles(edits.paths)
        } catch {
            throw storageError(error)
        }
    }

    /// Those of `paths` for which git's index holds what the served tip does.
    private func pathsStagedAsWanted(
        among paths: some Sequence<FilePath>
    ) throws(GitError) -> Set<FilePath> {
        let index = try GitIndex(opening: places.index)
        var staged: Set<FilePath> = []
        for path in paths
        where try trees.file(at: path.text, in: database)?.id == index[path.text]?.id {
            staged.insert(path)
        }
        return staged
    }

    private func bringFile(
        _ path: String, to wanted: TreeEditor.File?, from contents: Set<TreeEditor.File?>,
        acceptsTorn: Bool
    ) throws(GitError) {
        let found = try? workingTree.read(path)
        let blob = found.map { GitObject(.blob, $0).id }
        guard blob != wanted?.id else { return }
        var known = contents
        if acceptsTorn, let found, let blob, try isTorn(found, of: contents.union([wanted])) {
            known.insert(TreeEditor.File(mode: .file, id: blob))
        }
        let bytes = try wanted.map { file throws(GitError) in
            try database.read(file.id, as: .blob)
        }
        place(bytes, mode: wanted?.mode, at: path, replacing: known)
    }

    /// Whether a file is the beginning of something that was committed, as a power cut leaves it.
    private func isTorn(
        _ found: [UInt8], of contents: Set<TreeEditor.File?>
    ) throws(GitError) -> Bool {
        if found.isEmpty { return true }
        for case let content? in contents {
            let whole = try database.read(content.id, as: .blob)
            if whole.count > found.count, whole.starts(with: found) { return true }
        }
        return false
    }

    /// What the commits after `base` up to `tip` did to each path.
    func histories(
        since base: ObjectID, to tip: ObjectID
    ) throws(GitError) -> [FilePath: PathHistory] {
        var histories: [FilePath: PathHistory] = [:]
        for id in try repository.commits(from: tip, hiding: [base]) {
            let commit = try Commit(parsing: database.read(id, as: .commit))
            let parent = try commit.parents.first.map { id throws(GitError) in
                try Commit(parsing: database.read(id, as: .commit)).tree
            }
            let isOwn = commit.committer.email == Signature.serverEmail
            for change in try TreeDifference(from: parent, to: commit.tree, in: database).changes {
                histories[FilePath(change.path), default: PathHistory()].note(
                    change, by: isOwn ? nil : commit.author.email)
            }
        }
        return histories
    }

    func lookAtFiles(_ paths: some Sequence<String>) {
        guard report.headElsewhere == nil else { return }
        for path in paths { lookAtFile(path) }
    }
}
