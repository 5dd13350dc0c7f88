internal import Git
internal import Glibc
internal import Logging
internal import Registry
internal import Synchronization

/// The registry's newest snapshot in a file of the service directory, so that the next start need
/// not read every document. Disposable: what is not whole, or another program's, is passed over.
final class SnapshotFile: Sendable {
    private struct State {
        /// The tree that the file holds.
        var tree: Revision?
        /// When the file may be written again, in monotonic seconds.
        var nextWriting = 0.0
    }

    private let path: String
    /// Names the running program: another one may have other rules for what is valid.
    private let program: String?
    private let state = Mutex(State())

    /// With less than this many bytes free nothing is written: they are the registry's.
    private static let spaceNeeded: UInt64 = 256 << 20

    init(places: StorePlaces) {
        path = places.snapshot
        program = Self.runningProgram
    }

    /// The snapshot that the last run has left; nil where there is none for this program.
    ///
    /// - Parameter cache: has the source of large documents.
    func read(_ cache: DerivedCache) -> Snapshot? {
        guard let program, let bytes = try? FileSystem.read(path),
            let snapshot = try? SnapshotArchive.read(bytes, program: program, cache: cache)
        else { return nil }
        state.withLock { $0.tree = snapshot.tree }
        return snapshot
    }

    /// Whether the file is behind by `tree`, and writing it again takes little of the time.
    func isDue(for tree: Revision?, _ now: Double) -> Bool {
        state.withLock { $0.tree != tree && now >= $0.nextWriting }
    }

    /// Puts `snapshot` in the place of what the file holds; unflushed, because a torn file is
    /// passed over.
    func write(_ snapshot: Snapshot) throws(FileError) {
        guard let program, let tree = snapshot.tree, state.withLock({ $0.tree != tree }) else {
            return
        }
        let start = Clock.monotonicSeconds
        let draft = path + ".new"
        try FileSystem.remove(draft)
        do throws(FileError) {
            try FileSystem.create(draft, permissions: 0o600) { append throws(FileError) in
                try SnapshotArchive.write(snapshot, program: program) { block throws(FileError) in
                    if let free = FileSystem.freeBytes(at: path), free < Self.spaceNeeded {
                        throw FileError("write \(draft)", code: ENOSPC)
                    }
                    try append(block)
                }
            }
            try FileSystem.move(draft, to: path)
        } catch {
            unlink(draft)
            postpone(since: start)
            throw error
        }
        state.withLock { $0.tree = tree }
        postpone(since: start)
    }

    /// At most a fiftieth of the time goes into writing, and no more than one file a minute.
    private func postpone(since start: Double) {
        let now = Clock.monotonicSeconds
        state.withLock { $0.nextWriting = now + max(60, 50 * (now - start)) }
    }

    /// Size and time of the program's own file; nil where the system does not tell.
    private static var runningProgram: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        guard let facts = FileFacts(at: String(cString: path)) else { return nil }
        return
            "\(facts.inode) \(facts.size) \(facts.modified.seconds) \(facts.modified.nanoseconds)"
    }
}

extension RegistryStore {
    /// Keeps the snapshot file near the newest commit, until the task is cancelled.
    nonisolated func keepSnapshot() async {
        let thread = BackgroundThread(label: "registry-snapshot")
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(10))
            let snapshot = index.committed
            guard !Task.isCancelled, snapshotFile.isDue(for: snapshot.tree, Clock.monotonicSeconds)
            else { continue }
            do throws(FileError) {
                try await thread.perform { () throws(FileError) in
                    try self.snapshotFile.write(snapshot)
                }
            } catch {
                noteUnwrittenSnapshot(error)
            }
        }
    }

    nonisolated func noteUnwrittenSnapshot(_ error: FileError) {
        logger.notice(
            "The snapshot could not be written; the next start reads every document.",
            metadata: ["error": "\(error)"])
    }
}
