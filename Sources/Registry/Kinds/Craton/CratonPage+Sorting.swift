extension CratonIndex {
    /// The first rows after the marker and the last ones before it, by the query's sort keys.
    func pages(
        of rows: [CratonRow], around marker: CratonRow?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        let isDescending = query.isDescending
        let boundary = marker.map { place(of: $0, by: query.sortKeys) }
        var after = CratonBest(query.limit) { isDescending ? $1 < $0 : $0 < $1 }
        var before = CratonBest(query.limit) { isDescending ? $0 < $1 : $1 < $0 }
        for row in rows {
            let place = place(of: row, by: query.sortKeys)
            guard let boundary else {
                after.add(place)
                continue
            }
            if place == boundary { continue }
            if (boundary < place) != isDescending { after.add(place) } else { before.add(place) }
        }
        return (after.sorted.map(\.row), before.sorted.map(\.row))
    }
}

/// Keeps the few that come first of many.
private struct CratonBest {
    private let limit: Int
    private let isBefore: (CratonSortPlace, CratonSortPlace) -> Bool
    private var kept: [CratonSortPlace] = []
    /// Nothing behind this one is wanted.
    private var last: CratonSortPlace?

    init(_ limit: Int, isBefore: @escaping (CratonSortPlace, CratonSortPlace) -> Bool) {
        self.limit = limit
        self.isBefore = isBefore
    }

    mutating func add(_ place: CratonSortPlace) {
        if let last, !isBefore(place, last) { return }
        kept.append(place)
        if kept.count >= 4 * limit { shrink() }
    }

    var sorted: [CratonSortPlace] { Array(kept.sorted(by: isBefore).prefix(limit)) }

    private mutating func shrink() {
        kept = sorted
        last = kept.last
    }
}
