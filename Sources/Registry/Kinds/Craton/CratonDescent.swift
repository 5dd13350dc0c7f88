internal import JSON

/// Tells quickly which of many devices are below one; asked in one request only.
final class CratonDescent {
    private let index: CratonIndex
    private let ancestor: CratonRow
    /// By parent: whether what hangs below it is below the ancestor.
    private var known: [DocumentID: Bool]

    init(_ index: CratonIndex, below ancestor: CratonRow) {
        self.index = index
        self.ancestor = ancestor
        known = [ancestor.id: true]
    }

    func holds(_ row: CratonRow) -> Bool {
        var way: [DocumentID] = []
        var next = row
        var isBelow = false
        while let parent = index.parentID(of: next) {
            if let found = known[parent] {
                isBelow = found
                break
            }
            way.append(parent)
            guard let above = index.row(.parent, parent), above.project == row.project else {
                break
            }
            next = above
        }
        for id in way { known[id] = isBelow }
        return isBelow && row.id != ancestor.id
    }
}

extension CratonIndex {
    /// The uid that a row hangs below, which need not be there.
    fileprivate func parentID(of row: CratonRow) -> DocumentID? {
        guard let parent = row.item.parent, !cycles.isRoot(row.id) else { return nil }
        return parent
    }

    /// What hangs below a row directly, of its project.
    func children(of row: CratonRow) -> SortedIndex<CratonOrder> { list(row.key, .device) }

    /// How many devices may be looked for by the lists of children before the kept order is walked.
    static let smallSubtree = 2_000
    /// How many places of the kept order are tried first, for each item of a page.
    private static let tries = 4

    /// All devices below `root`, where that is the quicker way to a page of them: where they are
    /// few, and scattered so thinly over the fleet that walking its order would take longer.
    func smallSubtree(
        below root: CratonRow, _ query: CratonQuery, _ caller: CratonCaller
    ) -> [CratonRow]? {
        guard !isDense(below: root, query, caller) else { return nil }
        var found: [CratonRow] = []
        var waiting = [root]
        while let next = waiting.popLast() {
            let children = children(of: next)
            guard found.count + children.count <= Self.smallSubtree else { return nil }
            children.forEach { child in
                guard child.row.project == root.project, !cycles.isRoot(child.row.id) else {
                    return
                }
                found.append(child.row)
                if child.row.mayBeParent { waiting.append(child.row) }
            }
        }
        return found
    }

    /// Whether so many of the fleet are below `root` that a page of them is found at once.
    private func isDense(
        below root: CratonRow, _ query: CratonQuery, _ caller: CratonCaller
    ) -> Bool {
        let fleet = list(DocumentKey(.cratonProjects, caller.project), .device)
        guard query.keptOrder, fleet.count > query.limit else { return false }
        let marker = query.marker.flatMap { Int($0) }.flatMap { row(.device, $0) }
        let rank = marker.map { fleet.rank(of: $0.order) } ?? (query.isDescending ? fleet.count : 0)
        return query.isDescending
            ? isDense(fleet.reversedElements(before: rank), below: root, query.limit)
            : isDense(fleet.elements(from: rank), below: root, query.limit)
    }

    /// Whether `limit` of the first places are below `root`; not looked for on where hardly any of
    /// as many as a page has is.
    private func isDense(
        _ places: some Sequence<CratonOrder>, below root: CratonRow, _ limit: Int
    ) -> Bool {
        let descent = CratonDescent(self, below: root)
        var (tried, found) = (0, 0)
        for place in places.prefix(limit * Self.tries) {
            tried += 1
            if descent.holds(place.row) { found += 1 }
            if tried == limit, found < limit / (2 * Self.tries) { return false }
            if found == limit { return true }
        }
        return false
    }
}
