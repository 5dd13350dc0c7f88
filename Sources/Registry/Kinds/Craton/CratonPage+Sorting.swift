extension CratonIndex {
    /// The first rows after the marker and the last ones before it, by the query's sort keys.
    ///
    /// - Parameter each: calls what it is given with every row to choose from.
    func pages(
        of each: ((CratonRow) -> Void) -> Void, passing passes: @escaping (CratonRow) -> Bool,
        around marker: CratonRow?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        let sorter = CratonSorter(self, query)
        let boundary = marker.map { sorter.place(of: $0) }
        var after = CratonBest(query.limit, isReversed: query.isDescending)
        var before = CratonBest(query.limit, isReversed: !query.isDescending)
        each { row in
            let first = sorter.firstPart(of: row)
            // Most rows are beyond what is wanted on both sides, and need no other look.
            if after.isBeyond(first), boundary == nil || before.isBeyond(first) { return }
            let place = sorter.place(of: row)
            let isAfter = boundary.map { ($0 < place) != query.isDescending } ?? true
            guard place != boundary, isAfter ? after.wants(place) : before.wants(place),
                passes(row)
            else { return }
            if isAfter { after.add(place) } else { before.add(place) }
        }
        return (after.sorted.map(\.row), before.sorted.map(\.row))
    }
}

/// Keeps the few that come first of many.
private struct CratonBest {
    private let limit: Int
    /// Whether the greatest come first.
    private let isReversed: Bool
    private var kept: [CratonSortPlace] = []
    /// Nothing behind this one is wanted.
    private var last: CratonSortPlace?

    init(_ limit: Int, isReversed: Bool) {
        self.limit = limit
        self.isReversed = isReversed
    }

    /// Whether no place that begins with this part is wanted.
    func isBeyond(_ first: CratonSortPlace.Part) -> Bool {
        guard let bound = last?.parts.first else { return false }
        return isReversed ? first < bound : bound < first
    }

    func wants(_ place: CratonSortPlace) -> Bool { last.map { isBefore(place, $0) } ?? true }

    mutating func add(_ place: CratonSortPlace) {
        kept.append(place)
        // Early at first: until there is a bound every row is looked at closely.
        if kept.count >= (last == nil ? limit : 4 * limit) { shrink() }
    }

    var sorted: [CratonSortPlace] { Array(kept.sorted(by: isBefore).prefix(limit)) }

    private func isBefore(_ left: CratonSortPlace, _ right: CratonSortPlace) -> Bool {
        isReversed ? right < left : left < right
    }

    private mutating func shrink() {
        kept = sorted
        if kept.count == limit { last = kept.last }
    }
}
