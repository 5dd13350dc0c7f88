internal import Git
internal import Logging
internal import Synchronization

/// The newest objects that the server wrote, as a sample that tells when something removes them.
final class RecentObjects: Sendable {
    private static let limit = 256
    private let ids = Mutex<[ObjectID]>([])

    func add(_ objects: [NewObject]) {
        ids.withLock { ids in
            ids.append(contentsOf: objects.suffix(Self.limit).map(\.object.id))
            ids.removeFirst(max(0, ids.count - Self.limit))
        }
    }

    var all: [ObjectID] { ids.withLock { $0 } }
}

extension RegistryStore {
    /// Watches until the task is cancelled that nobody removes what was just written.
    ///
    /// `git gc --prune=now` takes every object that no reference led to when it began, also those of
    /// a branch that has moved meanwhile. The journal has them for some time.
    nonisolated func guardObjects() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            await upkeep.perform { self.restoreRemovedObjects() }
        }
    }

    private nonisolated func restoreRemovedObjects() {
        do {
            let repository = try Repository(opening: places.workingTree)
            let database = try ObjectDatabase(of: repository)
            let isPruning = FileFacts(at: places.commonDirectory + "/gc.pid") != nil
            guard isPruning || !recent.all.allSatisfy({ database.contains($0) }) else { return }
            let records = try Journal.records(in: places.journal).map(\.record)
            let count = try JournalReplay.restoreMissing(of: records, into: repository)
            if count > 0 {
                logger.warning(
                    "Something removed objects that were just written; they are back.",
                    metadata: ["count": "\(count)"])
            }
        } catch {
            logger.error(
                "The newest objects could not be looked at.", metadata: ["error": "\(error)"])
        }
    }
}
