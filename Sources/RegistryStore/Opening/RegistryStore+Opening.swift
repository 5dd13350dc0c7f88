internal import Git
public import Logging
internal import Registry

extension RegistryStore {
    /// Opens a registry for serving: takes the lock, recovers what a crash left, loads it.
    ///
    /// The files of the working tree are looked at too: when this returns, what they hold is what
    /// is served.
    public static func open(
        _ options: StoreOptions, logger: Logger
    ) async throws(StoreOpeningError) -> RegistryStore {
        let store = RegistryStore(
            try OpenedRepository(options), options: options, logger: logger)
        do throws(RegistryError) {
            try await store.recover()
        } catch {
            throw .failed(path: options.repository, reason: "\(error)")
        }
        return store
    }

    /// Brings repository, files and memory to the newest promise.
    private func recover() throws(RegistryError) {
        let checkpoint = Checkpoint(reading: places.checkpoint)
        do {
            try replayJournal(checkpoint)
            report.rewoundTips = try repository.references(matching: "refs/heads/rewound-*").sorted()
        } catch {
            throw storageError(error)
        }
        if let tip { try load(tip, since: checkpoint) }
        try lookAtBranch()
        watchFolders()
        if report.headElsewhere == nil { lookAtAllFiles() }
        bringIndexForward()
        publish()
        finishCheckpoint(beginCheckpoint())
    }

    /// Finds the newest served tip and makes sure that its objects are there.
    private func replayJournal(_ checkpoint: Checkpoint?) throws(GitError) {
        let records: [JournalRecord]
        do throws(FileError) {
            records = try Journal.records(in: places.journal)
        } catch {
            throw GitError(error)
        }
        for record in records {
            for object in record.objects { try restore(object) }
        }
        let found = try repository.target(of: branch)
        let pinned = try repository.target(of: Self.servedReference)
        guard let served = records.last?.to ?? checkpoint?.tip ?? pinned,
            database.contains(served)
        else {
            tip = found
            return
        }
        tip = served
        // A branch that stands where the last batch began was cut off between flush and move.
        let begun = Set(records.map { $0.from == .zero ? nil : Optional($0.from) })
        if found != served, begun.contains(found) {
            try repository.setReference(branch, to: served, message: "muster: recover")
        }
    }

    /// Stores an object of the journal again unless it can be read.
    private func restore(_ object: GitObject) throws(GitError) {
        if let stored = try? database.read(object.id), stored.bytes == object.bytes { return }
        // A torn loose object counts as present for libgit2 and would not be written over.
        let name = "\(object.id)"
        let folder = "\(places.service)/../objects/\(name.prefix(2))"
        try? FileSystem.remove("\(folder)/\(name.dropFirst(2))")
        try database.refresh()
        try database.write(object)
    }

    /// Loads the registry and brings files and index after the commits since the checkpoint.
    private func load(_ tip: ObjectID, since checkpoint: Checkpoint?) throws(RegistryError) {
        do {
            trees = TreeEditor(
                root: try Commit(parsing: database.read(tip, as: .commit)).tree)
            committed = try SnapshotLoader.snapshot(
                of: tip, in: repository, database, fallback: committed.settings)
            let start = [checkpoint?.index, checkpoint?.files].compactMap(\.self)
                .filter { database.contains($0) }
            keeper = IndexKeeper(places: places, commit: start.first ?? tip)
            filesCommit = tip
            report.headElsewhere = try repository.headBranch() == branch ? nil : "another branch"
            var known: [String: Set<TreeEditor.File?>] = [:]
            for commit in Set(start) where commit != tip {
                known.merge(try contents(since: commit, to: tip)) { $0.union($1) }
            }
            report.headElsewhere = nil
            if try repository.headBranch() == branch {
                try bringForward(known, acceptsTorn: true)
            }
        } catch {
            throw storageError(error)
        }
    }
}
