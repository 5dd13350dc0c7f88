internal import Git
internal import Logging

extension RegistryStore {
    /// Keeps the served tip alive when a person's git collects garbage.
    static let servedReference = "refs/muster/served"

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
                files: filesCommit ?? tip, index: keeper.commit ?? tip, tip: tip, segment: segment,
                branch: branch)
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
    nonisolated func flush(_ checkpoint: Checkpoint) async {
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
            try workingTree.spares.flushing { () throws(FileError) in
                try FileSystem.flush(fileSystemOf: places.service)
                let others = FileFacts(at: places.workingTree)?.device
                if others != FileFacts(at: places.service)?.device {
                    try FileSystem.flush(fileSystemOf: places.workingTree)
                }
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
