internal import Git
internal import Glibc
internal import Logging
internal import Registry
internal import Synchronization

extension RegistryStore {
    /// Stores objects and moves the served branch, durably.
    ///
    /// The order is what makes it safe: the branch is locked and compared, objects are written
    /// unflushed, the journal record of all of it is flushed once, the branch moves. Up to the
    /// last step a failure leaves nothing behind.
    ///
    /// - Returns: false when the branch is not at `expected`.
    func moveBranch(
        from expected: ObjectID?, to next: ObjectID, storing objects: [NewObject]
    ) throws(RegistryError) -> Bool {
        let reference = try lockBranch(toMoveTo: next)
        do throws(GitError) {
            guard try repository.target(of: branch) == expected else { return false }
        } catch {
            throw storageError(error)
        }
        let record = JournalRecord(from: expected ?? .zero, to: next, objects: objects)
        let pack = try store(objects, and: record)
        do throws(FileError) {
            try reference.move()
        } catch {
            if let pack { packs.discard(pack) }
            try withdraw(record)
            throw storageError(error)
        }
        if let pack { packs.release(pack) }
        recent.add(objects)
        return true
    }

    /// Writes objects, unflushed, and meanwhile the journal's record of them, flushed.
    ///
    /// - Returns: the name of their pack; nil where there are none.
    func store(
        _ objects: [NewObject], and record: JournalRecord
    ) throws(RegistryError) -> String? {
        let storing = packs.begin(objects)
        do throws(RegistryError) {
            try writeJournal(record)
        } catch {
            if case .success(let pack?) = storing.wait() { packs.discard(pack) }
            throw error
        }
        switch storing.wait() {
        case .success(let pack): return pack
        case .failure(let error):
            try withdraw(record)
            throw storageError(error)
        }
    }

    /// Waits a moment for a person's git that holds the branch.
    private func lockBranch(toMoveTo next: ObjectID) throws(RegistryError) -> ReferenceLock {
        var tries = 0
        while true {
            do throws(FileError) {
                return try ReferenceLock(
                    locking: branch, in: repository, toMoveTo: next, from: workingTree.spares)
            } catch {
                guard error.isExisting else { throw storageError(error) }
                tries += 1
                guard tries < 50 else {
                    throw .busy(reason: "\(branch).lock is held by another git process")
                }
                usleep(20_000)
            }
        }
    }

    private func writeJournal(_ record: JournalRecord) throws(RegistryError) {
        let start = Clock.monotonicSeconds
        do throws(JournalError) {
            try journal.append(record)
        } catch {
            throw journalError(error)
        }
        let duration = Clock.monotonicSeconds - start
        published.withLock { $0.statistics.flushSeconds.record(duration) }
    }

    private func withdraw(_ record: JournalRecord) throws(RegistryError) {
        do throws(JournalError) {
            try journal.withdraw(record)
        } catch {
            throw journalError(error)
        }
    }

    private func journalError(_ error: JournalError) -> RegistryError {
        switch error {
        case .write(let cause) where cause.isFull: return .storageFull(reason: "\(cause)")
        case .write(let cause): return .storage(reason: "\(cause)")
        case .flush(let cause):
            refuseWrites(after: cause)
            return .storage(reason: "\(cause)")
        }
    }

    /// A failure below in the registry's own words.
    nonisolated func storageError(_ error: any Error) -> RegistryError {
        switch error {
        case let error as RegistryError: error
        // libgit2 passes the system's words on, but no code for a full disk.
        case let error as GitError
        where error.message.contains(String(cString: strerror(ENOSPC))):
            .storageFull(reason: error.message)
        case let error as FileError where error.isFull: .storageFull(reason: error.description)
        default: .storage(reason: "\(error)")
        }
    }
}
