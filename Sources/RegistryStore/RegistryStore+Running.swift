internal import Git
internal import Glibc
internal import Logging
internal import Registry

extension RegistryStore {
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
            group.addTask { await self.keepHistory() }
            group.addTask { await self.maintain() }
            group.addTask { await self.guardObjects() }
            group.addTask { await self.keepSnapshot() }
            group.addTask { try? await self.numbers.prepare() }
            while !Task.isCancelled {
                if let checkpoint = await tick() { await flush(checkpoint) }
                try? await Task.sleep(for: .milliseconds(50))
            }
            group.cancelAll()
        }
    }

    /// Keeps the index of the history after the served branch, until the task is cancelled.
    private nonisolated func keepHistory() async {
        let filler = HistoryFiller(index: historyIndex, path: places.gitDirectory, logger: logger)
        var done: Revision?
        while !Task.isCancelled {
            let tip = index.committed.commit
            if let tip, tip != done {
                guard await filler.advance(to: ObjectID(tip)) else { continue }
                if historyIndex.progress.problem == nil {
                    done = tip
                } else {
                    try? await Task.sleep(for: .seconds(5))
                }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Brings the index of the history after the served branch, for a command that works alone; a
    /// store that runs does so by itself.
    public nonisolated func bringHistoryForward() async {
        guard let tip = index.committed.commit else { return }
        let filler = HistoryFiller(index: historyIndex, path: places.gitDirectory, logger: logger)
        while await !filler.advance(to: ObjectID(tip)), !Task.isCancelled {}
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
        packs.close()
        historyIndex.close()
        numbers.keep()
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
        keepAllowedSigners()
        if let first = firstCheckpoint.take() { return first }
        let isDue = schedule.isCheckpointDue(now, isPlacingMany: placer.isPlacingMany)
        return journal.pendingBytes > 0 && isDue ? beginCheckpoint() : nil
    }

    func lookAround() {
        do throws(RegistryError) {
            try lookAtBranch()
            forgetReleasedTips()
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

    func note(_ reason: String, _ message: Logger.Message) {
        guard report.lastError != reason else { return }
        report.lastError = reason
        publishStatus()
        logger.warning(message, metadata: ["reason": "\(reason)"])
    }
}
