extension CratonIndex {
    /// The first rows after the marker and the last ones before it, by the query's sort keys.
    ///
    /// - Parameter each: calls what it is given with every row to choose from.
    func pages(
        of each: ((CratonRow) -> Void) -> Void, passing passes: @escaping (CratonRow) -> Bool,
        around marker: CratonRow?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        if query.keptOrder {
            return pages(of: each, at: \.order, passing: passes, around: marker, query)
        }
        let sorter = CratonSorter(self, query.sortKeys, query.subject)
        return pages(
            of: each, at: { sorter.place(of: $0) }, passing: passes, around: marker, query)
    }

    private func pages<Place: CratonPlaced>(
        of each: ((CratonRow) -> Void) -> Void, at place: @escaping (CratonRow) -> Place,
        passing passes: @escaping (CratonRow) -> Bool, around marker: CratonRow?,
        _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        let boundary = marker.map(place)
        var after = CratonBest<Place>(query.limit, isReversed: query.isDescending)
        var before = CratonBest<Place>(query.limit, isReversed: !query.isDescending)
        each { row in
            let place = place(row)
            let isAfter = boundary.map { ($0 < place) != query.isDescending } ?? true
            guard place != boundary, isAfter ? after.wants(place) : before.wants(place),
                passes(row)
            else { return }
            if isAfter { after.add(place) } else { before.add(place) }
        }
        return (after.sorted.map(\.row), before.sorted.map(\.row))
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

/// Keeps the few that come first of many.
private struct CratonBest<Place: CratonPlaced> {
    private let limit: Int
    /// Whether the greatest come first.
    private let isReversed: Bool
    private var kept: [Place] = []
    /// Nothing behind this one is wanted.
    private var last: Place?

    init(_ limit: Int, isReversed: Bool) {
        self.limit = limit
        self.isReversed = isReversed
    }

    func wants(_ place: Place) -> Bool { last.map { isBefore(place, $0) } ?? true }

    mutating func add(_ place: Place) {
        kept.append(place)
        if kept.count >= 4 * limit {
            kept = sorted
            last = kept.last
        }
    }

    var sorted: [Place] { Array(kept.sorted(by: isBefore).prefix(limit)) }

    private func isBefore(_ left: Place, _ right: Place) -> Bool {
        isReversed ? right < left : left < right
    }
}
