internal import Git
public import Registry

extension RegistryStore {
    /// Moves the files of collections to other fan-outs, and notes those in `registry.json`, in one
    /// commit.
    ///
    /// Other writes wait while the files are renamed, about 50 µs for each.
    ///
    /// - Parameters:
    ///   - fanOut: by the collections' names; empty for what suits the number of documents.
    ///   - isTrial: only tells what would be done.
    /// - Throws: ``RegistryError/uncommittedEdit(path:)`` when a person is at work in one of the
    ///   files; nothing is moved then.
    public nonisolated func reshard(
        to fanOut: [String: Int], isTrial: Bool = false
    ) async throws(RegistryError) -> Resharding {
        let begun = Clock.seconds
        // What was saved in the last moments is found before files move under their editors.
        await scanWorkingTree()
        return try await reshard(to: fanOut, isTrial: isTrial, scannedAt: begun)
    }

    private func reshard(
        to wanted: [String: Int], isTrial: Bool, scannedAt scanned: Int64
    ) throws(RegistryError) -> Resharding {
        settleFiles()
        try requireWritable()
        noteTouchedFiles()
        var settings = try settingsOfBranch()
        let fanOut = wanted.isEmpty ? committed.suitableFanOut : wanted
        var moves: [FileMove] = []
        var parts: [Resharding.Part] = []
        for collection in DocumentKind.all.map(\.collection) {
            guard let depth = fanOut[collection.name] else { continue }
            let own = committed.moves(of: collection, toFanOut: depth)
            let isSet = (settings.fanOut[collection.name] ?? 0) == depth
            settings.fanOut[collection.name] = depth == 0 ? nil : depth
            guard !own.isEmpty || !isSet else { continue }
            moves += own
            parts.append(.init(collection: collection.name, depth: depth, files: own.count))
        }
        var resharding = Resharding(parts: parts)
        guard !parts.isEmpty else { return resharding }
        try requireUnedited(moves)
        if isTrial { return resharding }
        let (settingsBytes, draft) = try draft(moves, settings, resharding.subject)
        guard try moveBranch(from: tip, to: draft.commit, storing: draft.objects) else {
            throw .busy(reason: "the branch was moved by somebody else; try again")
        }
        take(draft, moves, settingsBytes, scannedAt: scanned)
        resharding.commit = Revision(draft.commit)
        return resharding
    }

    /// What `registry.json` says now.
    func settingsOfBranch() throws(RegistryError) -> RegistrySettings {
        do throws(GitError) {
            if let settings = try SnapshotLoader.settings(in: &trees, database) { return settings }
        } catch {
            throw storageError(error)
        }
        throw .storage(reason: "\(RegistrySettings.path) is invalid; correct it first")
    }

    /// - Throws: ``RegistryError/uncommittedEdit(path:)`` for the first path that a person has
    ///   changed, or whose place is taken.
    private func requireUnedited(_ moves: [FileMove]) throws(RegistryError) {
        let edited = Set(edits.paths.map { FilePath($0) })
        for move in moves {
            if edited.contains(FilePath(move.from)) || behind[FilePath(move.from)] != nil {
                throw .uncommittedEdit(path: move.from)
            }
            guard workingTree.hasOwnFolders(move.to),
                FileFacts(at: places.file(move.to)) == nil
            else { throw .uncommittedEdit(path: move.to) }
        }
        let path = RegistrySettings.path
        let blob = try? trees.file(at: path, in: database)?.id
        guard let blob, (try? workingTree.blob(at: path)) == blob else {
            throw .uncommittedEdit(path: path)
        }
    }

    /// A commit that is not stored yet.
    private struct ReshardDraft {
        let trees: TreeEditor
        let commit: ObjectID
        let objects: [NewObject]
        /// Each file that moves, in the order of the moves.
        let files: [TreeEditor.File?]
        let settings: (old: TreeEditor.File?, new: TreeEditor.File)
    }

    private func draft(
        _ moves: [FileMove], _ settings: RegistrySettings, _ subject: String
    ) throws(RegistryError) -> ([UInt8], ReshardDraft) {
        do throws(GitError) {
            let bytes = settings.canonicalBytes()
            let blob = GitObject(.blob, bytes)
            let oldSettings = try trees.file(at: RegistrySettings.path, in: database)
            let newSettings = TreeEditor.File(mode: oldSettings?.mode ?? .file, id: blob.id)
            var edits: [(path: String, file: TreeEditor.File?)] = [
                (RegistrySettings.path, newSettings)
            ]
            let all = try filesOfBranch()
            var files: [TreeEditor.File?] = []
            for move in moves {
                let file = all[FilePath(move.from)]
                files.append(file)
                edits.append((move.from, nil))
                edits.append((move.to, file))
            }
            var next = trees
            let made = try next.apply(edits, in: database)
            let message = CommitMessage(
                subject: subject, body: nil, trailers: [],
                author: Author(name: "Muster", email: Signature.serverEmail), seconds: Clock.seconds
            )
            let commit = signed(
                message.commit(tree: next.root, parents: tip.map { [$0] } ?? []))
            let draft = ReshardDraft(
                trees: next, commit: commit.id,
                objects: [NewObject(blob)] + made + [NewObject(commit)], files: files,
                settings: (oldSettings, newSettings))
            return (bytes, draft)
        } catch {
            throw storageError(error)
        }
    }

    /// Every file in one pass over the trees, where one after the other would each take one.
    private func filesOfBranch() throws(GitError) -> [FilePath: TreeEditor.File] {
        var files: [FilePath: TreeEditor.File] = [:]
        for change in try TreeDifference(from: nil, to: trees.root, in: database).changes {
            files[FilePath(change.path)] = change.new
        }
        return files
    }

    /// Brings memory and files after a commit that the branch is at.
    private func take(
        _ draft: ReshardDraft, _ moves: [FileMove], _ settings: [UInt8], scannedAt scanned: Int64
    ) {
        tip = draft.commit
        trees = draft.trees
        for move in moves { committed.move(move) }
        committed.put(path: RegistrySettings.path, bytes: settings)
        committed.setCommit(Revision(draft.commit), tree: Revision(trees.root))
        keeper.note(RegistrySettings.path, from: draft.settings.old, to: draft.settings.new)
        for (move, file) in zip(moves, draft.files) {
            keeper.note(move.from, from: file, to: nil)
            keeper.note(move.to, from: nil, to: file)
        }
        // HEAD may have gone elsewhere in this moment: then the files are another branch's.
        if (try? repository.headBranch()) == branch {
            for (move, file) in zip(moves, draft.files) { rename(move, file, scannedAt: scanned) }
            workingTree.removeEmptyFolders(of: moves.map(\.from))
            place(
                settings, as: draft.settings.new, at: RegistrySettings.path,
                replacing: [draft.settings.old])
        }
        schedule.noteWrite()
        publish()
    }

    /// Renames one file, whatever it holds: an edit of this very moment goes along.
    private func rename(_ move: FileMove, _ file: TreeEditor.File?, scannedAt scanned: Int64) {
        do throws(FileError) {
            try workingTree.rename(move.from, to: move.to)
            let facts = FileFacts(at: places.file(move.to))
            if let facts, Int64(facts.modified.seconds) < scanned {
                keeper.noteWritten(move.to, facts)
            }
        } catch {
            // Brought after the commit like any file that is late.
            behind[FilePath(move.from), default: []].insert(file)
            behind[FilePath(move.to), default: []].insert(nil)
        }
    }
}
