internal import Git
internal import Synchronization

/// What the writer knows of its newest commits, so that nobody has to read them again.
final class HistoryFeed: Sendable {
    struct Item {
        let commit: Commit
        let changes: [TreeDifference.Change]
    }

    private let items = Mutex<(byID: [ObjectID: Item], changes: Int)>(([:], 0))

    /// More changes than this are read from the repository when their turn comes.
    private static let limit = 50_000

    func add(_ new: [(id: ObjectID, item: Item)]) {
        items.withLock { items in
            for (id, item) in new {
                guard items.changes + item.changes.count <= Self.limit else { return }
                items.changes += item.changes.count
                items.byID[id] = item
            }
        }
    }

    func commit(_ id: ObjectID) -> Commit? { items.withLock { $0.byID[id]?.commit } }

    func item(_ id: ObjectID) -> Item? { items.withLock { $0.byID[id] } }

    func remove(_ ids: [ObjectID]) {
        items.withLock { items in
            for id in ids {
                items.changes -= items.byID.removeValue(forKey: id)?.changes.count ?? 0
            }
        }
    }

    /// Forgets what nobody will come for.
    func removeAll() { items.withLock { $0 = ([:], 0) } }
}
