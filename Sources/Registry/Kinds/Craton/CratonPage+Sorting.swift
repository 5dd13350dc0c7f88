internal import HeapModule
internal import Synchronization

extension CratonIndex {
    /// The first rows after the marker and the last ones before it, by the query's sort keys: from
    /// rows in any order, of which no more are sorted than it takes.
    ///
    /// - Parameter rows: kept alive by the caller. Nothing is counted here: a look at the counter
    ///   of each of many rows would take longer than all else.
    func pages(
        among rows: [Unmanaged<CratonRow>], passing passes: (CratonRow) -> Bool,
        around marker: CratonRow?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        func passesRow(_ row: Unmanaged<CratonRow>) -> Bool { passes(row.takeUnretainedValue()) }
        // Where few pass, those are looked for first; else only the best ones are asked.
        let share = rows.shareOf(passesRow)
        let rows = share > 0.5 ? rows : rows.filter(passesRow)
        let boundary = marker.map { CratonSorter(self, query).bytes(of: $0) }
        var count = share == 1 ? query.limit : 2 * query.limit
        while true {
            let (below, above) = select(count, among: rows, around: boundary, query)
            let sides = [below, above].map { side in
                (rows: side.map { rows[$0.number] }.filter(passesRow), isAll: side.count < count)
            }
            if sides.allSatisfy({ $0.isAll || $0.rows.count >= query.limit }) {
                let (below, above) = (page(sides[0].rows), page(sides[1].rows))
                return query.isDescending ? (below, above) : (above, below)
            }
            count *= 8
        }
        func page(_ rows: [Unmanaged<CratonRow>]) -> [CratonRow] {
            rows.prefix(query.limit).map { $0.takeUnretainedValue() }
        }
    }

    /// So many rows as are closest to the boundary on either side, the closest first; without one
    /// all rows are on the side that the page is on. Many rows are looked at by two threads.
    private func select(
        _ count: Int, among rows: [Unmanaged<CratonRow>], around boundary: CratonPlaceBytes?,
        _ query: CratonQuery
    ) -> (below: [CratonCandidate], above: [CratonCandidate]) {
        let select = { @Sendable (range: Range<Int>) in
            let sorter = CratonSorter(self, query)
            var below = CratonSelection(of: count, among: range.count, isDescending: true)
            var above = CratonSelection(of: count, among: range.count, isDescending: false)
            rows.forEachOutOfOrder(in: range) { number, row in
                let bytes = sorter.bytes(of: row)
                let candidate = CratonCandidate(bytes: bytes, number: number)
                if boundary.map({ bytes < $0 }) ?? query.isDescending {
                    below.offer(candidate)
                } else if bytes != boundary {
                    above.offer(candidate)
                }
            }
            return (below, above)
        }
        guard rows.count > CratonKeptOrders.shortList else {
            let (below, above) = select(rows.indices)
            return (below.sorted, above.sorted)
        }
        let halves = Mutex<[(below: CratonSelection, above: CratonSelection)]>([])
        inHalves(rows.count) { half in
            let found = select(half)
            halves.withLock { $0.append(found) }
        }
        return halves.withLock { halves in
            let all = halves.dropFirst().reduce(into: halves[0]) { all, half in
                all.below.offer(contentsOf: half.below)
                all.above.offer(contentsOf: half.above)
            }
            return (all.below.sorted, all.above.sorted)
        }
    }

    /// The same from an order that is kept: costs by the page, where most rows pass.
    func pages<Place: CratonPlaced>(
        of places: SortedIndex<Place>, passing passes: (CratonRow) -> Bool,
        around marker: Place?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        let rank = marker.map { places.rank(of: $0) } ?? 0
        let isMember = marker.map { places.contains($0) } ?? false
        let forward = { places.elements(from: rank + (isMember ? 1 : 0)) }
        let backward = { places.reversedElements(before: marker == nil ? places.count : rank) }
        if query.isDescending {
            let before = marker == nil ? [] : forward().first(query.limit, passes)
            return (backward().first(query.limit, passes), before)
        }
        let before = marker == nil ? [] : backward().first(query.limit, passes)
        return (forward().first(query.limit, passes), before)
    }
}

extension Sequence where Element: CratonPlaced {
    /// The first rows that pass.
    fileprivate func first(_ limit: Int, _ passes: (CratonRow) -> Bool) -> [CratonRow] {
        var rows: [CratonRow] = []
        for place in self where passes(place.row) {
            rows.append(place.row)
            if rows.count == limit { break }
        }
        return rows
    }
}

extension [Unmanaged<CratonRow>] {
    /// How many of a few from everywhere pass, 0 to 1.
    fileprivate func shareOf(_ passes: (Element) -> Bool) -> Double {
        let sample = stride(from: 0, to: count, by: Swift.max(1, count / 64)).map { self[$0] }
        return sample.isEmpty ? 0 : Double(sample.count(where: passes)) / Double(sample.count)
    }

    /// Some rows from everywhere come first, so that a sorted list does not begin with the worst.
    fileprivate func forEachOutOfOrder(
        in range: Range<Int>, _ body: (Int, CratonRow) -> Void
    ) {
        let step = 61
        func visit(_ numbers: some Sequence<Int>) {
            for number in numbers { self[number]._withUnsafeGuaranteedRef { body(number, $0) } }
        }
        visit(stride(from: range.lowerBound, to: range.upperBound, by: step))
        visit(range.lazy.filter { ($0 - range.lowerBound) % step != 0 })
    }
}

/// A row that may be on a page.
private struct CratonCandidate: Comparable, Sendable {
    let bytes: CratonPlaceBytes
    /// Its place among the rows, which decides where projects have the same name.
    let number: Int

    static func < (left: CratonCandidate, right: CratonCandidate) -> Bool {
        left.bytes == right.bytes ? left.number < right.number : left.bytes < right.bytes
    }
}

/// The first candidates, by either direction. Of many only the best ones so far are held.
private struct CratonSelection: Sendable {
    private let count: Int
    private let isDescending: Bool
    private let areFew: Bool
    private var all: [CratonCandidate] = []
    private var best = Heap<CratonCandidate>()

    /// - Parameter total: how many there are to choose from, at most.
    init(of count: Int, among total: Int, isDescending: Bool) {
        self.count = count
        self.isDescending = isDescending
        areFew = total <= CratonKeptOrders.shortList
    }

    mutating func offer(_ candidate: CratonCandidate) {
        if areFew { return all.append(candidate) }
        if best.count < count { return best.insert(candidate) }
        if isDescending {
            if let worst = best.min, worst < candidate { best.replaceMin(with: candidate) }
        } else if let worst = best.max, candidate < worst {
            best.replaceMax(with: candidate)
        }
    }

    mutating func offer(contentsOf other: CratonSelection) {
        for candidate in other.best.unordered + other.all { offer(candidate) }
    }

    /// The first ones first.
    var sorted: [CratonCandidate] {
        guard areFew else {
            return isDescending ? best.unordered.sorted(by: >) : best.unordered.sorted()
        }
        var heap = Heap(all)
        var first: [CratonCandidate] = []
        while first.count < count, let next = isDescending ? heap.popMax() : heap.popMin() {
            first.append(next)
        }
        return first
    }
}
