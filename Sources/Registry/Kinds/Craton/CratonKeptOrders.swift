internal import Dispatch
internal import HashTreeCollections
internal import Synchronization

/// The orders that large lists were asked for, kept for the next page; shared by all states of a
/// registry that come from one another.
///
/// Each is brought from the state that it was last asked in to the one that asks, which costs by
/// what differs between them. One that is new, or of a state too far away, is sorted in the
/// background.
final class CratonKeptOrders: Sendable {
    /// What one order is of.
    private struct Key: Hashable {
        let list: CratonIndex.List
        let sortKeys: [CratonSortKey]
        let subject: CratonQuery.Subject
    }

    private struct State {
        /// The one that was asked last is the last.
        var orders: [(key: Key, order: KeptOrder, count: Int)] = []
        /// The ones that were asked last are the last.
        var columns: [CratonColumns] = []
        var listsBeingRead: Set<CratonIndex.List> = []
        var lastChange: UInt64 = 0

        /// What nothing can bring to a newer state any more, and what holds the state of then.
        mutating func takeStale(before change: UInt64) -> [any Sendable] {
            let stale: [any Sendable] =
                columns.filter { $0.lastChange < change }
                + orders.filter { $0.order.isOlder(than: change) }.map(\.order)
            columns.removeAll { $0.lastChange < change }
            orders.removeAll { $0.order.isOlder(than: change) }
            return stale
        }
    }

    /// Shorter lists are sorted for each page.
    static let shortList = 2_000
    /// So many places are kept in all orders together, but those of the last order always: about
    /// 100 bytes each.
    private static let placeLimit = 2_000_000

    private let state = Mutex(State())
    private let sorting = DispatchQueue(label: "registry-craton-orders", qos: .utility)

    /// Waits until no order is being sorted.
    func settle() { sorting.sync {} }

    /// A number for a change of an index, greater than those before.
    func nextChange() -> UInt64 {
        let (number, stale) = state.withLock { state in
            state.lastChange += 1
            let length = UInt64(CratonChangeLog.length)
            let isDue = state.lastChange % length == 0 && state.lastChange > 2 * length
            return (
                state.lastChange,
                isDue ? state.takeStale(before: state.lastChange - 2 * length) : []
            )
        }
        // It takes a while to let go of a whole state.
        if !stale.isEmpty { sorting.async { withExtendedLifetime(stale) {} } }
        return number
    }

    /// The places of a list's items of the subject's kind, in its order; nil for short lists, and
    /// where they are yet to be sorted.
    func places(
        of list: CratonIndex.List, in index: CratonIndex, _ sortKeys: [CratonSortKey],
        _ subject: CratonQuery.Subject
    ) -> SortedIndex<CratonPlace>? {
        order(of: list, in: index, sortKeys, subject)?.places(in: index)
    }

    /// Has a long list sorted in the background, if it is not or that was too long ago.
    func keep(
        _ list: CratonIndex.List, in index: CratonIndex, _ sortKeys: [CratonSortKey],
        _ subject: CratonQuery.Subject
    ) {
        order(of: list, in: index, sortKeys, subject)?.sort(in: index, on: sorting)
    }

    /// The columns of a list that its first pages can be found by; nil where they are not known yet.
    func columns(of list: CratonIndex.List) -> CratonColumns? {
        state.withLock { state in
            guard let place = state.columns.firstIndex(where: { $0.list == list }) else {
                return nil
            }
            let columns = state.columns.remove(at: place)
            state.columns.append(columns)
            return columns
        }
    }

    /// Has the columns of a long list of devices read anew in the background.
    func readColumns(of list: CratonIndex.List, in index: CratonIndex) {
        guard list.family == .device, index.list(list.owner, list.family).count > Self.shortList,
            state.withLock({ $0.listsBeingRead.insert(list).inserted })
        else { return }
        let index = index.withoutOrders
        sorting.async {
            let columns = CratonColumns(of: list, in: index)
            self.state.withLock { state in
                state.listsBeingRead.remove(list)
                state.columns.removeAll { $0.list == list }
                state.columns.append(columns)
                Self.dropOldest(of: &state.columns, counting: \.count)
            }
        }
    }

    /// Keeps no more places than may be kept, but always those of the last one.
    private static func dropOldest<Item>(
        of items: inout [Item], counting count: (Item) -> Int
    ) {
        var kept = items.reduce(0) { $0 + count($1) }
        while kept > placeLimit, items.count > 1 { kept -= count(items.removeFirst()) }
    }

    /// Nil for short lists.
    private func order(
        of list: CratonIndex.List, in index: CratonIndex, _ sortKeys: [CratonSortKey],
        _ subject: CratonQuery.Subject
    ) -> KeptOrder? {
        let count = index.list(list.owner, list.family).count
        guard count > Self.shortList else { return nil }
        return order(Key(list: list, sortKeys: sortKeys, subject: subject), count)
    }

    private func order(_ key: Key, _ count: Int) -> KeptOrder {
        state.withLock { state in
            let place = state.orders.firstIndex { $0.key == key }
            let order =
                place.map { state.orders.remove(at: $0).order }
                ?? KeptOrder(key.list, key.sortKeys, key.subject)
            state.orders.append((key, order, count))
            Self.dropOldest(of: &state.orders) { $0.count }
            return order
        }
    }
}

/// One order of one list.
private final class KeptOrder: Sendable {
    private struct Known {
        let index: CratonIndex
        let places: SortedIndex<CratonPlace>
    }

    private struct State {
        var known: Known?
        var isBeingSorted = false
    }

    private let list: CratonIndex.List
    private let sortKeys: [CratonSortKey]
    private let subject: CratonQuery.Subject
    private let state = Mutex(State())

    init(
        _ list: CratonIndex.List, _ sortKeys: [CratonSortKey], _ subject: CratonQuery.Subject
    ) {
        self.list = list
        self.sortKeys = sortKeys
        self.subject = subject
    }

    /// The order as it is in `index`; nil where it is not known.
    func places(in index: CratonIndex) -> SortedIndex<CratonPlace>? {
        state.withLock { state in
            guard let known = state.known else { return nil }
            if known.index.log.last == index.log.last { return known.places }
            guard let places = brought(from: known, to: index) else { return nil }
            state.known = Known(index: index.withoutOrders, places: places)
            return places
        }
    }

    /// Whether it is of a state from before this change.
    func isOlder(than change: UInt64) -> Bool {
        state.withLock { state in state.known.map { $0.index.log.last < change } ?? false }
    }

    /// Sorts the list as it is in `index`, unless it is being sorted.
    func sort(in index: CratonIndex, on queue: DispatchQueue) {
        let isBeingSorted = state.withLock { state in
            defer { state.isBeingSorted = true }
            return state.isBeingSorted
        }
        if isBeingSorted { return }
        let index = index.withoutOrders
        queue.async {
            let known = Known(index: index, places: self.sorted(in: index))
            self.state.withLock { $0 = State(known: known) }
        }
    }

    private func sorted(in index: CratonIndex) -> SortedIndex<CratonPlace> {
        let sorter = CratonSorter(index, sortKeys, subject)
        var places: [CratonPlace] = []
        index.list(list.owner, list.family).forEach { order in
            if isShown(order.row) { places.append(sorter.place(of: order.row)) }
        }
        places.sort()
        return SortedIndex(sorted: places)
    }

    /// Nil where that would take too long, or cannot be done.
    private func brought(from known: Known, to index: CratonIndex) -> SortedIndex<CratonPlace>? {
        guard let keys = index.changes(since: known.index, in: list, orderedBy: sortKeys) else {
            return nil
        }
        let before = CratonSorter(known.index, sortKeys, subject)
        let after = CratonSorter(index, sortKeys, subject)
        var places = known.places
        for row in keys.compactMap({ known.index.rows[$0] }) where isMember(row) {
            places.remove(before.place(of: row))
        }
        for row in keys.compactMap({ index.rows[$0] }) where isMember(row) {
            places.insert(after.place(of: row))
        }
        return places
    }

    private func isMember(_ row: CratonRow) -> Bool {
        isShown(row) && CratonIndex.lists(of: row).contains(list)
    }

    private func isShown(_ row: CratonRow) -> Bool {
        subject.kind.map { $0 == row.kind } ?? true
    }
}

extension CratonIndex {
    /// More changes take longer to follow than a page may take.
    private static let changeLimit = 2_000

    /// The items whose places in an order of a list may differ between two states; nil where that is
    /// not known, or too many.
    func changes(
        since before: CratonIndex, in list: List, orderedBy sortKeys: [CratonSortKey]
    ) -> Set<DocumentKey>? {
        guard let changed = log.difference(from: before.log), before.cycles == cycles else {
            return nil
        }
        let keys = changed.union(referrers(of: changed, since: before, in: list, sortKeys))
        return keys.count < Self.changeLimit ? keys : nil
    }

    /// The items of the list whose places change with the numbers of what they name.
    private func referrers(
        of changed: Set<DocumentKey>, since before: CratonIndex, in list: List,
        _ sortKeys: [CratonSortKey]
    ) -> Set<DocumentKey> {
        let families = sortKeys.compactMap { key in
            if case .reference(let reference) = key { reference.family } else { nil }
        }
        guard !families.isEmpty else { return [] }
        var keys: Set<DocumentKey> = []
        for key in changed {
            guard let family = CratonFamily(key.collection), families.contains(family) else {
                continue
            }
            let now = rows[key]
            let then = before.rows[key]
            guard now?.alias != then?.alias || now?.project != then?.project else { continue }
            for index in [before, self] {
                index.list(key, list.family).forEach { keys.insert($0.row.key) }
            }
        }
        return keys
    }
}

extension Snapshot {
    /// Reads in the background what the first pages of long lists are found by.
    public func prepareCratonLists() {
        for (list, _) in craton.lists
        where list.family == .device && list.owner?.collection == .cratonProjects {
            craton.orders.readColumns(of: list, in: craton)
        }
    }
}
