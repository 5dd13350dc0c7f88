internal import Git
internal import Glibc
internal import Logging
internal import Registry

extension RegistryStore {
    /// Keeps the served tip alive when a person's git collects garbage.
    static let servedReference = "refs/muster/served"

    /// Looks after the repository until the task is cancelled: the branch, the working tree, git's
    /// index, the flush of what was promised, and the commands that come by the socket.
    public nonisolated func run() async {
        let socket = CommandSocket(path: socketPath, logger: logger)
        await withTaskGroup { group in
            if let socket {
                group.addTask { await self.answer(socket) }
            }
            group.addTask { await self.lookAtFiles() }
            group.addTask { await self.keepIndex() }
            group.addTask { await self.fillLog() }
            group.addTask { await self.maintain() }
            group.addTask { await self.guardObjects() }
            group.addTask { await self.keepSnapshot() }
            while !Task.isCancelled {
                if let checkpoint = await tick() { await flush(checkpoint) }
                try? await Task.sleep(for: .milliseconds(50))
            }
            group.cancelAll()
        }
    }

    /// Reads the commits that were there at the start into the log of changes.
    private nonisolated func fillLog() async {
        guard let first = await firstTip else { return reader.log.finish() }
        do throws(GitError) {
            try await reader.fillLog(to: first)
        } catch {
            logger.error(
                "The history could not be read.", metadata: ["error": "\(error)"])
        }
    }

    /// Has git pack what has become much, until the task is cancelled.
    private nonisolated func maintain() async {
        let maintenance = Maintenance(places: places)
        var schedule = MaintenanceSchedule()
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(5))
            packs.tidy()
            let isDue = schedule.isDue(
                packs, looseObjects: maintenance.looseObjects, commits: statistics.commits)
            guard !Task.isCancelled, isDue, let tip = index.committed.commit else { continue }
            // The pack of the newest batch is kept from git for a moment more.
            try? await Task.sleep(for: .milliseconds(100))
            let start = Clock.monotonicSeconds
            do {
                try await maintenance.run(packs, tip: ObjectID(tip))
                schedule.noteRun(seconds: Clock.monotonicSeconds - start)
                logger.info("Packed the repository.")
            } catch {
                schedule.noteFailure()
                logger.warning(
                    "The repository could not be packed; it is tried again.",
                    metadata: ["error": "\(error)"])
            }
        }
    }

    /// Brings index and files up to date, flushes everything, takes no more writes and lets go of
    /// the repository.
    public func close() {
        for _ in 0..<20 where keeper.isBehind {
            bringIndexForward()
            if keeper.isBehind { usleep(50_000) }
        }
        finishCheckpoint(beginCheckpoint())
        do throws(FileError) {
            try snapshotFile.write(committed)
        } catch {
            noteUnwrittenSnapshot(error)
        }
        packs.settle()
        report.readOnlyReason = "the server is stopping"
        publishStatus()
        lock.releaseInOrder()
    }

    /// One round of the work in the background.
    ///
    /// - Returns: a checkpoint that is due, to be flushed outside the writer.
    private func tick() -> Checkpoint? {
        let now = Clock.monotonicSeconds
        notePlacedFiles()
        if schedule.takeLook(now) { lookAround() }
        noteTouchedFiles()
        if let first = firstCheckpoint.take() { return first }
        let isDue = journal.pendingBytes > 0 && schedule.isCheckpointDue(now)
        return isDue ? beginCheckpoint() : nil
    }

    func lookAround() {
        do throws(RegistryError) {
            try lookAtBranch()
            if !behind.isEmpty {
                try bringForward(behind.mapValues { PathHistory(contents: $0) })
                publish()
            }
        } catch {
            note("\(error)", "The branch could not be looked at.")
        }
    }

    func noteTouchedFiles() {
        guard let events = watcher?.takeEvents(), report.headElsewhere == nil else { return }
        if events.isIncomplete {
            return schedule.requestScan(watchingAnew: true)
        }
        var paths = events.paths.union(touchedWhilePlacing)
        // Who touched a file that the server is replacing shows when it is in place.
        touchedWhilePlacing = paths.filter { placing[$0] != nil }
        paths.subtract(touchedWhilePlacing)
        // The files of a new folder are among those that were written last.
        if events.hasNewFolders { paths.formUnion(keeper.pending.keys) }
        guard !paths.isEmpty else { return }
        // A reset touches files too; then they are no edits.
        lookAround()
        let before = edits.list
        lookAtFiles(paths.map(\.text) + edits.paths)
        if !edits.isEmpty || !before.isEmpty { publish() }
    }

    /// Looks at all files whenever that is due, until the task is cancelled.
    private nonisolated func lookAtFiles() async {
        while !Task.isCancelled {
            if let due = await takeScan() {
                if due.watchesAnew { await watchFolders() }
                await scanWorkingTree()
                if due.isFirst { Memory.returnFreed() }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func takeScan() -> Schedule.Scan? { schedule.takeScan(Clock.monotonicSeconds) }

    /// Watches the folders of all collections.
    private func watchFolders() async {
        watcher = await scan.watcher()
        if watcher?.isComplete != true {
            note(
                "the system's limit of inotify watches is reached",
                "Not every folder can be watched; files are looked at each minute.")
        }
    }

    /// Brings git's index after the newest commit whenever that is due, until the task is cancelled;
    /// a held `index.lock` makes it wait.
    private nonisolated func keepIndex() async {
        let thread = BackgroundThread(label: "registry-index")
        while !Task.isCancelled {
            if let update = await beginIndexUpdate() {
                let result = await thread.perform {
                    Result { () throws(IndexError) in try update.apply() }
                }
                await finish(update, result)
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func beginIndexUpdate() -> IndexUpdate? {
        guard keeper.isBehind, schedule.isIndexDue(Clock.monotonicSeconds) else { return nil }
        do throws(GitError) {
            return try indexUpdate()
        } catch {
            noteIndexError(error)
            return nil
        }
    }

    /// What git's index needs now that the files are in place.
    private func indexUpdate() throws(GitError) -> IndexUpdate {
        settleFiles()
        if FileFacts(at: places.index) == nil { try noteWholeTree() }
        if report.headElsewhere != nil { try aimPendingAtHead() }
        return keeper.beginUpdate(to: tip)
    }

    private func finish(_ update: IndexUpdate, _ result: Result<Double, IndexError>) {
        switch result {
        case .success(let seconds):
            keeper.finish(update)
            schedule.noteIndexed(in: seconds, isBehind: keeper.isBehind)
            if behind.isEmpty { report.lastError = nil }
            publish()
        case .failure(let error): noteIndexError(error)
        }
    }

    private func noteIndexError(_ error: any Error) {
        schedule.postponeIndex()
        note("\(error)", "git's index could not be brought forward; it is tried again.")
    }

    /// Brings git's index after the newest commit, at once.
    func bringIndexForward() {
        do {
            try bringForward(indexFile: places.index)
        } catch {
            noteIndexError(error)
        }
    }

    /// Brings one index file forward: git's own, or the one that a running `git commit` will use.
    func bringForward(indexFile file: String) throws {
        let update = try indexUpdate()
        guard file == places.index else { return try update.apply(to: file) }
        finish(update, .success(try update.apply()))
    }

    /// Without an index file every file of the branch has to go into a new one.
    private func noteWholeTree() throws(GitError) {
        guard tip != nil, report.headElsewhere == nil else { return }
        for change in try TreeDifference(from: nil, to: trees.root, in: database).changes {
            keeper.note(change.path, from: nil, to: change.new)
        }
    }

    private func note(_ reason: String, _ message: Logger.Message) {
        guard report.lastError != reason else { return }
        report.lastError = reason
        publishStatus()
        logger.warning(message, metadata: ["reason": "\(reason)"])
    }

    /// Begins a checkpoint: what is committed from now on goes to a new journal segment.
    func beginCheckpoint() -> Checkpoint? {
        guard let tip else { return nil }
        schedule.noteCheckpoint()
        settleFiles()
        do {
            try reopenRepository()
            if behind.isEmpty, report.headElsewhere == nil { filesCommit = tip }
            try repository.setReference(Self.servedReference, to: tip, message: "muster: served")
            let segment = try journal.rotate()
            return Checkpoint(
                files: filesCommit ?? tip, index: keeper.commit ?? tip, tip: tip, segment: segment)
        } catch {
            note("\(error)", "A checkpoint could not be begun; it is tried again.")
            return nil
        }
    }

    /// See ``RepositoryHandle``.
    private func reopenRepository() throws(GitError) {
        let opened = try Repository(opening: places.workingTree)
        database = try ObjectDatabase(of: opened)
        repository = opened
    }

    /// Flushes and ends a checkpoint, off the writer's thread.
    private nonisolated func flush(_ checkpoint: Checkpoint) async {
        if let failure = await upkeep.perform({ self.finishCheckpoint(checkpoint) }) {
            await refuseWrites(after: failure)
        }
    }

    /// After a failed flush nobody knows what the disk holds: flushing again would lie.
    func refuseWrites(after failure: FileError) {
        report.readOnlyReason = "a flush failed (\(failure)); restart the server"
        publishStatus()
        logger.critical(
            "A flush failed; nothing is written any more until a restart.",
            metadata: ["error": "\(failure)"])
    }

    /// Flushes the file systems; after that the journal's older segments are hardly needed.
    ///
    /// - Returns: why the flush failed; the journal keeps everything then.
    @discardableResult
    nonisolated func finishCheckpoint(_ checkpoint: Checkpoint?) -> FileError? {
        guard let checkpoint else { return nil }
        let begun = Clock.seconds
        do throws(FileError) {
            try FileSystem.flush(fileSystemOf: places.service)
            if FileFacts(at: places.service)?.device != FileFacts(at: places.workingTree)?.device {
                try FileSystem.flush(fileSystemOf: places.workingTree)
            }
        } catch {
            return error
        }
        settle(checkpoint, flushedAt: begun)
        return nil
    }

    /// Notes a checkpoint that is flushed, and drops what is older.
    private nonisolated func settle(_ checkpoint: Checkpoint, flushedAt flushed: Int64) {
        do {
            try checkpoint.write(to: places.checkpoint)
            let repository = try Repository(opening: places.workingTree)
            try Journal.drop(
                before: checkpoint.segment, flushedAt: flushed, in: places.journal
            ) { records in
                let count = try JournalReplay.restoreMissing(of: records, into: repository)
                if count > 0 {
                    logger.warning(
                        "Something removed objects that were about to be used; they are back.",
                        metadata: ["count": "\(count)"])
                }
                return count == 0
            }
        } catch {
            // The journal keeps everything; the next checkpoint notes it.
            logger.error(
                "A checkpoint could not be noted; it is tried again.",
                metadata: ["error": "\(error)"])
        }
    }
}
