internal import HashTreeCollections
internal import JSON

/// What the Craton API is asked for, kept up to date with each change: a value whose copies share
/// nearly everything.
///
/// A change costs by what hangs on it: a device's own lists, and all that is in a region whose
/// cloud changes.
struct CratonIndex: Sendable {
    /// A list that is kept in order.
    struct List: Hashable, Sendable {
        /// Whose: a project, a cloud, a region, a cell, a device, a network; nil for all there are.
        let owner: DocumentKey?
        let family: CratonFamily
    }

    /// Items of one name.
    struct Name: Hashable, Sendable {
        /// The project, or that within which names differ.
        let owner: DocumentKey
        let family: CratonFamily
        let name: JSONString
    }

    var items: TreeDictionary<DocumentKey, CratonItem> = [:]
    var aliases = CratonAliases()
    /// The items that have a place; others are left out of every answer.
    var rows: TreeDictionary<DocumentKey, CratonRow> = [:]
    var lists: TreeDictionary<List, SortedIndex<CratonOrder>> = [:]
    var names: TreeDictionary<Name, SortedIndex<CratonOrder>> = [:]
    /// The names that more than one has where they must differ, as only a merge can make them.
    var sharedNames: TreeSet<Name> = []
    var cycles = CratonCycles()
    var variables = CratonVariables()
    /// What has changed in ``rows`` last.
    private(set) var log = CratonChangeLog()
    private(set) var orders = CratonKeptOrders()

    mutating func noteChange(of key: DocumentKey) { log.add(key, number: orders.nextChange()) }

    /// The same state for the orders themselves to remember.
    var withoutOrders: CratonIndex {
        var index = self
        index.orders = CratonKeptOrders()
        return index
    }

    /// The items in a list, oldest first.
    func list(_ owner: DocumentKey?, _ family: CratonFamily) -> SortedIndex<CratonOrder> {
        lists[List(owner: owner, family: family)] ?? SortedIndex()
    }

    /// The items of a name in a project, or in what its name must differ in.
    func named(
        _ name: JSONString, _ family: CratonFamily, in owner: DocumentKey
    ) -> SortedIndex<CratonOrder> {
        names[Name(owner: owner, family: family, name: name)] ?? SortedIndex()
    }

    /// The item that a number stands for.
    func row(_ family: CratonFamily, _ alias: Int) -> CratonRow? {
        aliases.owner(family, alias).flatMap { rows[DocumentKey(family.collection, $0)] }
    }

    func row(_ reference: CratonReference, _ id: DocumentID?) -> CratonRow? {
        id.flatMap { rows[reference.key($0)] }
    }

    /// What a row names, if it is there and of the same project.
    func target(_ reference: CratonReference, of row: CratonRow) -> CratonRow? {
        if reference == .parent { return parent(of: row) }
        guard let target = self.row(reference, row[reference]), target.project == row.project else {
            return nil
        }
        return target
    }

    /// The device that this one hangs below. In a cycle, which only a merge can make, the device
    /// with the smallest uid hangs below none.
    func parent(of row: CratonRow) -> CratonRow? {
        guard let parent = row.item.parent, !cycles.isRoot(row.id),
            let found = rows[DocumentKey(.devices, parent)], found.project == row.project
        else { return nil }
        return found
    }

    /// Whether `row` is among the descendants of `ancestor`.
    func isBelow(_ row: CratonRow, _ ancestor: DocumentID) -> Bool {
        var next = parent(of: row)
        while let present = next {
            if present.id == ancestor { return true }
            next = parent(of: present)
        }
        return false
    }
}

/// The parents of devices that lead back to themselves.
struct CratonCycles: Hashable, Sendable {
    /// Those of one cycle, by the one that counts as its root.
    private(set) var members: [DocumentID: Set<DocumentID>] = [:]

    func isRoot(_ id: DocumentID) -> Bool { !members.isEmpty && members[id] != nil }

    /// Forgets the cycle that a device is part of.
    mutating func forgetCycle(with id: DocumentID) {
        guard !members.isEmpty else { return }
        for (root, all) in members where all.contains(id) { members[root] = nil }
    }

    mutating func note(_ cycle: Set<DocumentID>) {
        if let root = cycle.min() { members[root] = cycle }
    }
}
