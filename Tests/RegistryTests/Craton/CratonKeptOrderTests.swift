import HashTreeCollections
import JSON
import Testing

@testable import Registry

@Suite("Orders of the fleet that are kept")
struct CratonKeptOrderTests {
    private static let count = CratonKeptOrders.shortList + 200
    private static let sortings: [[CratonSortKey]] = [
        [.field("name")], [.reference(.region), .field("name")], [.reference(.parent)],
        [.updated, .kind],
    ]

    private var random = SeededNumbers(seed: 11)
    private let first: Snapshot

    init() {
        first = Snapshot(
            settings: RegistrySettings(),
            loading: (CratonFiles.places + (0..<Self.count).map { Self.device($0, name: $0) }).map {
                (path: $0.path, bytes: $0.bytes, blob: nil)
            })
    }

    private static func device(
        _ number: Int, region: Int = 1, parent: Int? = nil, name: Int
    ) -> (path: String, bytes: [UInt8]) {
        (
            "devices/d\(number).json",
            CratonFiles.device(
                "d\(number)", region: "r\(region)", parent: parent.map { "d\($0)" },
                id: number + 1, at: number / 3, name: "n\(name % 500)")
        )
    }

    @Test("they are what sorting anew gives, after any changes and in any state of the registry")
    mutating func changes() throws {
        var states = [first]
        for step in 0..<15 {
            // Now and then the registry goes on from an older state, as a preview does.
            var state = states[step % 7 == 0 ? random.below(states.count) : states.count - 1]
            for _ in 0...random.below(5) { change(&state) }
            states.append(state)
            try requireSorted(state)
            let other = Self.sortings[random.below(Self.sortings.count)]
            try requireSorted(states[random.below(states.count)], by: [other])
        }
    }

    private mutating func change(_ state: inout Snapshot) {
        let number = random.below(Self.count + 50)
        switch random.below(12) {
        case 0: state.remove(path: "devices/d\(number).json")
        case 1:
            // All that names the region changes its place, though not its file.
            let bytes = CratonFiles.item(
                "r2", ["name": "r2", "cloud": "c1"], id: 2 + random.below(20))
            state.put(path: "craton/regions/r2.json", bytes: bytes)
        default:
            let parent = random.below(3) == 0 ? random.below(number + 1) - 1 : -1
            let file = Self.device(
                number, region: 1 + random.below(2), parent: parent < 0 ? nil : parent,
                name: random.below(1_000))
            state.put(path: file.path, bytes: file.bytes)
        }
    }

    private func requireSorted(
        _ state: Snapshot, by sortings: [[CratonSortKey]] = Self.sortings
    ) throws {
        let index = state.craton
        let list = CratonIndex.List(
            owner: DocumentKey(.cratonProjects, CratonFiles.caller.project), family: .device)
        for keys in sortings {
            let kept = try #require(order(list, keys, in: index))
            let sorter = CratonSorter(index, keys, .devices)
            let sorted = index.list(list.owner, list.family).elements()
                .map { sorter.place(of: $0.row) }.sorted()
            #expect(kept.elements().elementsEqual(sorted) { $0 == $1 && $0.row === $1.row })
        }
    }

    /// Where an order is not there yet, or too far behind, it is when it has been sorted.
    private func order(
        _ list: CratonIndex.List, _ keys: [CratonSortKey], in index: CratonIndex
    ) -> SortedIndex<CratonPlace>? {
        if let kept = index.orders.places(of: list, in: index, keys, .devices) { return kept }
        index.orders.keep(list, in: index, keys, .devices)
        index.orders.settle()
        return index.orders.places(of: list, in: index, keys, .devices)
    }

    @Test("many changes at once, more than are remembered, are followed too")
    mutating func manyChanges() throws {
        try requireSorted(first)
        var state = first
        for step in 0..<(2 * CratonChangeLog.length + 200) {
            let file = Self.device(step % 50, region: 1 + step % 2, name: step)
            state.put(path: file.path, bytes: file.bytes)
        }
        try requireSorted(state)
    }

    @Test("pages found by columns, also of an older state, are those of sorting all")
    mutating func columns() throws {
        var states = [first]
        for _ in 0..<2 {
            var state = states[states.count - 1]
            for _ in 0..<20 { change(&state) }
            states.append(state)
        }
        for state in states {
            for keys in ["name", "region_id,name", "parent_id", "updated_at,type", "id", "active"] {
                for direction in ["asc", "desc"] {
                    try requirePages(
                        of: state, [("sort_keys", keys), ("sort_dir", direction), ("limit", "30")])
                }
            }
        }
    }

    private mutating func requirePages(
        of state: Snapshot, _ parameters: [(name: String, value: String)]
    ) throws {
        let owner = DocumentKey(.cratonProjects, CratonFiles.caller.project)
        let list = CratonIndex.List(owner: owner, family: .device)
        let query = try CratonQuery(.devices, parameters)
        let sorter = CratonSorter(state.craton, query)
        var rows = state.craton.list(owner, .device).elements().map { sorter.place(of: $0.row) }
            .sorted().map(\.row)
        if query.isDescending { rows.reverse() }
        for start in [0, 1, rows.count / 2, rows.count - 10] {
            let marker = start == 0 ? nil : rows[start - 1]
            let place = marker.map { [("marker", String($0.alias))] } ?? []
            // Nothing is kept yet but the columns of the first state.
            let index = state.craton.withoutOrders
            index.orders.readColumns(of: list, in: first.craton)
            index.orders.settle()
            let columns = try #require(index.orders.columns(of: list))
            #expect(columns.nearest(120, to: marker, by: query, in: index) != nil)
            let page = try index.page(
                CratonQuery(.devices, parameters + place), for: CratonFiles.caller)
            #expect(page.rows.map(\.alias) == rows[start...].prefix(30).map(\.alias))
            let previous = start > 30 ? rows[start - 31].alias : start > 1 ? rows[0].alias : nil
            #expect(page.previous?.alias == previous)
        }
    }

    @Test("what is too old to be brought to a newer state is let go")
    func stale() throws {
        let owner = DocumentKey(.cratonProjects, CratonFiles.caller.project)
        let list = CratonIndex.List(owner: owner, family: .device)
        try requireSorted(first)
        var index = first.craton
        index.orders.readColumns(of: list, in: index)
        index.orders.settle()
        weak let columns = index.orders.columns(of: list)
        #expect(columns != nil)
        for _ in 0..<CratonChangeLog.length { index.noteChange(of: owner) }
        #expect(columns != nil)
        for _ in 0..<(3 * CratonChangeLog.length) { index.noteChange(of: owner) }
        index.orders.settle()
        #expect(columns == nil)
        for keys in Self.sortings {
            #expect(index.orders.places(of: list, in: first.craton, keys, .devices) == nil)
        }
    }

    @Test("a registry that nobody reads any more takes its orders with it")
    func release() throws {
        weak var orders: CratonKeptOrders?
        do {
            let snapshot = Snapshot(
                settings: RegistrySettings(),
                loading: (CratonFiles.places + (0..<Self.count).map { Self.device($0, name: $0) })
                    .map { (path: $0.path, bytes: $0.bytes, blob: nil) })
            try requireSorted(snapshot)
            orders = snapshot.craton.orders
        }
        #expect(orders == nil)
    }
}

@Suite("What states of the fleet differ in")
struct CratonChangeLogTests {
    private func key(_ number: Int) throws -> DocumentKey {
        DocumentKey(.devices, try #require(DocumentID("d\(number)")))
    }

    @Test("the changes since two logs have parted, of both")
    func parted() throws {
        var log = CratonChangeLog()
        for number in 1...200 { log.add(try key(number), number: UInt64(number)) }
        var (left, right) = (log, log)
        #expect(left.difference(from: right) == [])
        left.add(try key(1), number: 201)
        right.add(try key(2), number: 202)
        left.add(try key(3), number: 203)
        #expect(left.difference(from: right) == [try key(1), try key(2), try key(3)])
        #expect(right.difference(from: left) == [try key(1), try key(2), try key(3)])
        #expect(left.difference(from: CratonChangeLog())?.count == 200)
    }

    @Test("nothing is said of logs that have parted before what both remember")
    func forgotten() throws {
        var log = CratonChangeLog()
        let empty = log
        for number in 1...(3 * CratonChangeLog.length) {
            log.add(try key(number), number: UInt64(number))
        }
        #expect(log.difference(from: empty) == nil)
        #expect(empty.difference(from: log) == nil)
    }
}
