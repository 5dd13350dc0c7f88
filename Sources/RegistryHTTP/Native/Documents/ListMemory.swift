import Registry
import Synchronization

/// The lists that were asked for lately, so that their next pages need not look at every document.
final class ListMemory: Sendable {
    private struct Key: Hashable {
        let collection: Registry.Collection
        let state: CollectionState
        let selection: String
    }

    private static let limit = 8
    /// Of longer lists nothing is kept.
    private static let longest = 1_000_000

    private let lists = Mutex<[(key: Key, ids: [DocumentID])]>([])

    /// The documents that a list shows, in its order.
    func ids(
        of collection: Registry.Collection, in snapshot: Snapshot, _ query: ListQuery
    ) async -> [DocumentID] {
        let key = Key(
            collection: collection, state: snapshot.state(of: collection),
            selection: query.selection)
        if let known = lists.withLock({ $0.first { $0.key == key }?.ids }) { return known }
        let ids = await snapshot.documents(in: collection, for: query).map(\.id)
        guard ids.count <= Self.longest else { return ids }
        lists.withLock { lists in
            lists.removeAll { $0.key == key }
            lists.append((key, ids))
            if lists.count > Self.limit { lists.removeFirst() }
        }
        return ids
    }
}
