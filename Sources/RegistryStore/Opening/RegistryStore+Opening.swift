internal import Git
public import Logging
internal import Registry

extension RegistryStore {
    /// Opens a registry for serving: takes the lock, recovers what a crash left, loads it.
    ///
    /// What persons have changed in the working tree meanwhile is found by ``run()``.
    public static func open(
        _ options: StoreOptions, logger: Logger
    ) async throws(StoreOpeningError) -> RegistryStore {
        let opened = try OpenedRepository(options)
        let journal = opened.replayed
        for path in opened.removedLocks {
            logger.notice("A killed server's lock was removed.", metadata: ["path": "\(path)"])
        }
        for pack in opened.tornPacks {
            logger.warning(
                "A power cut had torn a pack; the journal has given its objects again.",
                metadata: ["pack": "\(pack)"])
        }
        let store = RegistryStore(opened, options: options, logger: logger)
        do throws(RegistryError) {
            try await store.recover(journal)
        } catch {
            throw .failed(path: options.repository, reason: "\(error)")
        }
        return store
    }

    /// Brings repository, files and memory to the newest promise.
    private func recover(_ journal: JournalReplay) throws(RegistryError) {
        let checkpoint = Checkpoint(reading: places.checkpoint)
        keepStrayDrafts()
        do {
            try findTip(checkpoint, journal)
            report.rewoundTips = try repository.references(matching: "refs/heads/rewound-*")
                .sorted()
        } catch {
            throw storageError(error)
        }
        if let tip { try load(tip, since: checkpoint) }
        do throws(GitError) {
            try loadProposals()
        } catch {
            note("\(error)", "The proposals cannot be read.")
        }
        try lookAtBranch()
        bringIndexForward()
        publish()
        // From an older one the next start can recover as well; without any it could not.
        firstCheckpoint = beginCheckpoint()
        if checkpoint == nil { finishCheckpoint(firstCheckpoint.take()) }
        packs.adopt()
    }

    /// Clears what a killed server was about to put into place. What git does not hold is a
    /// person's, taken aside in that moment: it is kept.
    private func keepStrayDrafts() {
        for folder in [places.temporary, places.otherTemporary] {
            for name in FileSystem.names(in: folder) ?? [] where !SpareFiles.isName(name) {
                do throws(FileError) {
                    try keepStrayDraft(name, in: folder)
                } catch {
                    logger.error(
                        "A draft could not be cleared.", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func keepStrayDraft(_ name: String, in folder: String) throws(FileError) {
        let path = "\(folder)/\(name)"
        let bytes = try FileSystem.read(path, limit: WorkingTree.fileLimit)
        let isOurs =
            name.hasPrefix("index")
            || bytes.map { database.contains(GitObject(.blob, $0).id) } ?? true
        if isOurs { return try FileSystem.remove(path) }
        try FileSystem.makeFolder(places.kept, permissions: 0o700)
        try FileSystem.move(path, to: "\(places.kept)/\(name)")
        logger.warning(
            "A killed server had taken a person's file aside; it is kept.",
            metadata: ["path": "\(places.kept)/\(name)"])
    }

    /// Finds the newest served tip, and ends a move of the branch that was cut off.
    private func findTip(
        _ checkpoint: Checkpoint?, _ journal: JournalReplay
    ) throws(GitError) {
        let found = try repository.target(of: branch)
        // What keeps the tip alive may be torn; the next checkpoint writes it again.
        let pinned = try? repository.target(of: Self.servedReference)
        guard let served = journal.tip ?? checkpoint?.tip ?? pinned, database.contains(served)
        else {
            tip = found
            return
        }
        tip = served
        if found != served, journal.begun.contains(found) {
            try repository.setReference(branch, to: served, message: "muster: recover")
        }
    }

    /// The registry at `tip`: the last run's brought forward, else read anew.
    private func snapshot(of tip: ObjectID) throws(GitError) -> Snapshot {
        if let earlier = snapshotFile.read(cache),
            let snapshot = try SnapshotLoader.snapshot(
                of: tip, from: earlier, in: repository, database)
        {
            return snapshot
        }
        return try SnapshotLoader.snapshot(
            of: tip, in: repository, database, fallback: committed.settings, cache: cache)
    }

    /// Loads the registry and brings files and index after the commits since the checkpoint.
    private func load(_ tip: ObjectID, since checkpoint: Checkpoint?) throws(RegistryError) {
        do {
            trees = TreeEditor(
                root: try database.commit(tip).tree)
            committed = try snapshot(of: tip)
            let start = [checkpoint?.index, checkpoint?.files].compactMap(\.self)
                .filter { database.contains($0) }
            keeper = IndexKeeper(places: places, commit: start.first ?? tip)
            filesCommit = tip
            var known: [FilePath: PathHistory] = [:]
            for commit in Set(start) where commit != tip {
                known.merge(try histories(since: commit, to: tip)) {
                    PathHistory(contents: $0.contents.union($1.contents))
                }
            }
            if try repository.headBranch() == branch {
                let isOfAnotherBoot = checkpoint?.isOfAnotherBoot ?? false
                try bringForward(known, after: isOfAnotherBoot ? .powerCut : .kill)
            }
        } catch {
            throw storageError(error)
        }
    }
}
