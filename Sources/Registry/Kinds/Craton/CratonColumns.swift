internal import HashTreeCollections

/// What each sort key says of the items of a long list, as they were in one state: a page of an
/// order that was never asked for is found by them, without a look at every item.
///
/// Eight bytes for each item and key, those of its ``CratonPlaceBytes`` in which the items begin to
/// differ. Where the words of two items differ, their keys are in the order of the words.
final class CratonColumns: Sendable {
    let list: CratonIndex.List
    private let index: CratonIndex
    private let rows: [CratonRow]
    private let columns: [CratonSortKey: Column]

    init(of list: CratonIndex.List, in index: CratonIndex) {
        self.list = list
        self.index = index
        let rows = index.list(list.owner, list.family).elements().map(\.row)
        self.rows = rows
        var columns: [CratonSortKey: Column] = [:]
        for key in CratonSortKey.ofDevices {
            let sorter = CratonSorter(index, [key], .devices, isTotal: false)
            columns[key] = Column(rows.map { sorter.bytes(of: $0) })
        }
        self.columns = columns
    }

    var count: Int { rows.count }

    /// The number of the newest change that they know.
    var lastChange: UInt64 { index.log.last }

    /// A few items, among which those are that a page shows.
    struct Nearest {
        let rows: [Unmanaged<CratonRow>]
        /// Whether all are there that come before the marker, and after it.
        let hasAllBelow: Bool
        let hasAllAbove: Bool
    }

    /// About so many items as come next on either side of the marker, and all of their place; without
    /// a marker on the side that the page is on.
    ///
    /// - Returns: nil where the columns do not tell, or are of a state too long ago. The rows live as
    ///   long as these columns and `index` do.
    func nearest(
        _ count: Int, to marker: CratonRow?, by query: CratonQuery, in index: CratonIndex
    ) -> Nearest? {
        guard
            let changed = index.changes(since: self.index, in: list, orderedBy: query.sortKeys),
            let order = Order(query, columns, in: index, marker)
        else { return nil }
        var rows: [Unmanaged<CratonRow>] = []
        func take(_ places: [Int]) {
            for place in places where !changed.contains(self.rows[place].key) {
                rows.append(.passUnretained(self.rows[place]))
            }
        }
        var (hasAllBelow, hasAllAbove) = (true, true)
        if marker != nil || query.isDescending {
            guard let below = order.first(count, of: self.count, isDescending: true) else {
                return nil
            }
            take(below.places)
            hasAllBelow = below.isAll
        }
        if marker != nil || !query.isDescending {
            guard let above = order.first(count, of: self.count, isDescending: false) else {
                return nil
            }
            take(above.places)
            hasAllAbove = above.isAll
        }
        for row in changed.compactMap({ index.rows[$0] })
        where CratonIndex.lists(of: row).contains(list) {
            rows.append(.passUnretained(row))
        }
        return Nearest(rows: rows, hasAllBelow: hasAllBelow, hasAllAbove: hasAllAbove)
    }

    /// What one key says of all items.
    private struct Column {
        let words: [UInt64]
        /// Whether the same words mean the same to the key.
        let isExact: Bool
        /// Those of some item; ``prefix`` bytes of it are those of all.
        private let some: CratonPlaceBytes
        private let prefix: Int

        init(_ all: [CratonPlaceBytes]) {
            let some = all.first ?? CratonPlaceBytes()
            let prefix = all.reduce(some.count) { min($0, some.commonPrefix(with: $1)) }
            words = all.map { $0.word(from: prefix) }
            isExact = all.allSatisfy { $0.count <= prefix + 8 }
            self.some = some
            self.prefix = prefix
        }

        /// Where something is among the items; `isOfAll`: whether it begins as they all did.
        func word(of bytes: CratonPlaceBytes) -> (word: UInt64, isOfAll: Bool) {
            if some.commonPrefix(with: bytes) >= prefix { return (bytes.word(from: prefix), true) }
            return (bytes < some ? .min : .max, false)
        }
    }

    /// The order of the items by their words.
    private struct Order {
        private let columns: [Column]
        /// The words of the marker, as far as it begins as the items do.
        private let boundary: [UInt64]?

        /// Nil where a column is not known.
        init?(
            _ query: CratonQuery, _ known: [CratonSortKey: Column], in index: CratonIndex,
            _ marker: CratonRow?
        ) {
            var columns: [Column] = []
            var boundary: [UInt64] = []
            var isOfAll = true
            // Behind one that does not tell all, the next would tell nothing.
            for key in query.sortKeys + [.id] where columns.last?.isExact ?? true {
                guard let column = known[key] else { return nil }
                columns.append(column)
                guard let marker, isOfAll else { continue }
                let sorter = CratonSorter(index, [key], query.subject, isTotal: false)
                let place = column.word(of: sorter.bytes(of: marker))
                boundary.append(place.word)
                isOfAll = place.isOfAll
            }
            self.columns = columns
            self.boundary = marker == nil ? nil : boundary
        }

        /// How many items are looked at to find out where a page ends.
        private static let sampleCount = 4_096
        /// More than that are found as quickly without columns.
        private static let mostPlaces = 16_384

        /// The first of `total` items from the boundary on, and more of them than are asked for.
        ///
        /// - Returns: nil where too many are of one place.
        func first(
            _ count: Int, of total: Int, isDescending: Bool
        ) -> (places: [Int], isAll: Bool)? {
            let step = max(1, total / Self.sampleCount)
            let sample = stride(from: 0, to: total, by: step)
                .filter { isInside($0, isDescending) }
                .sorted { isDescending ? precedes($1, $0) : precedes($0, $1) }
            let last = 2 * count / step + 16
            let end = last < sample.count ? words(sample[last]) : nil
            let places = (0..<total).filter { place in
                isInside(place, isDescending)
                    && end.map { compare(place, $0) * (isDescending ? -1 : 1) <= 0 } ?? true
            }
            return places.count > Self.mostPlaces ? nil : (places, end == nil)
        }

        private func words(_ place: Int) -> [UInt64] { columns.map { $0.words[place] } }

        private func precedes(_ one: Int, _ other: Int) -> Bool {
            for column in columns where column.words[one] != column.words[other] {
                return column.words[one] < column.words[other]
            }
            return false
        }

        private func isInside(_ place: Int, _ isDescending: Bool) -> Bool {
            guard let boundary else { return true }
            return compare(place, boundary) * (isDescending ? -1 : 1) >= 0
        }

        /// Negative where the item comes before `words`, zero where its own begin with them.
        private func compare(_ place: Int, _ words: [UInt64]) -> Int {
            for number in words.indices {
                let word = columns[number].words[place]
                if word != words[number] { return word < words[number] ? -1 : 1 }
            }
            return 0
        }
    }
}
