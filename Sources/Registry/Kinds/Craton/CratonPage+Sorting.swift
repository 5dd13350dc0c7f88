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
        func first(_ candidates: [Candidate], isDescending: Bool) -> [CratonRow] {
            var heap = Heap(candidates)
            var found: [CratonRow] = []
            while found.count < query.limit,
                let next = isDescending ? heap.popMax() : heap.popMin()
            {
                let row = rows[next.number].takeUnretainedValue()
                if passes(row) { found.append(row) }
            }
            return found
        }
        let candidates = candidates(among: rows, query)
        guard let marker else {
            return (first(candidates, isDescending: query.isDescending), [])
        }
        let boundary = CratonSorter(self, query).bytes(of: marker)
        let below = first(
            candidates.filter { $0.bytes < boundary }, isDescending: true)
        let above = first(candidates.filter { boundary < $0.bytes }, isDescending: false)
        return query.isDescending ? (below, above) : (above, below)
    }

    /// What the sort keys say of each row; of many on two threads.
    private func candidates(
        among rows: [Unmanaged<CratonRow>], _ query: CratonQuery
    ) -> [Candidate] {
        let candidates = { @Sendable (range: Range<Int>) in
            let sorter = CratonSorter(self, query)
            return range.map { number in
                Candidate(
                    bytes: rows[number]._withUnsafeGuaranteedRef { sorter.bytes(of: $0) },
                    number: number)
            }
        }
        guard rows.count > CratonKeptOrders.shortList else { return candidates(rows.indices) }
        let halves = Mutex<[[Candidate]]>([])
        inHalves(rows.count) { half in
            let found = candidates(half)
            halves.withLock { $0.append(found) }
        }
        return halves.withLock { Array($0.joined()) }
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

/// A row that may be on a page.
private struct Candidate: Comparable, Sendable {
    let bytes: CratonPlaceBytes
    /// Its place among the rows, which decides where projects have the same name.
    let number: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
        left.bytes == right.bytes ? left.number < right.number : left.bytes < right.bytes
    }
}
