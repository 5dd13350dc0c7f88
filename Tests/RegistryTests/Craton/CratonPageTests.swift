import HashTreeCollections
import JSON
import Testing

@testable import Registry

@Suite("Pages of the fleet")
struct CratonPageTests {
    private let snapshot: Snapshot
    private var index: CratonIndex { snapshot.craton }

    /// 3,000 devices: most of them below `d0`, in three levels; many share a name and a moment.
    init() {
        var random = SeededNumbers(seed: 7)
        var files: [(path: String, bytes: [UInt8])] = []
        for number in 0..<3_000 {
            let parent: String? =
                switch number {
                case 0, 1: nil
                case ..<20: "d\(number % 2)"
                case ..<300: "d\(2 + random.below(18))"
                default: "d\(20 + random.below(280))"
                }
            files.append(
                (
                    "devices/d\(number).json",
                    CratonFiles.device(
                        "d\(number)", region: "r\(1 + random.below(2))", parent: parent,
                        id: number + 1, at: random.below(700),
                        kind: random.below(3) == 0 ? "network-device" : "host",
                        name: random.below(2) == 0 ? "n\(random.below(40))-\(number % 7)" : nil)
                ))
        }
        snapshot = Snapshot(
            settings: RegistrySettings(),
            loading: (CratonFiles.places + files).map {
                (path: $0.path, bytes: $0.bytes, blob: nil)
            })
    }

    @Test(
        "a walk shows every item once, in order, and back from each page comes the one before",
        arguments: [
            "", "sort_keys=name", "sort_keys=name&sort_dir=desc", "sort_dir=desc",
            "sort_keys=region_id,name", "sort_keys=type,device_type", "sort_keys=parent_id",
            "sort_keys=updated_at",
        ],
        [
            "", "parent_id=1&descendants=true", "parent_id=5&descendants=true",
            "region_id=2&active=1",
        ]
    )
    func walk(sorting: String, filter: String) throws {
        let pairs = Self.pairs("limit=100&\(sorting)&\(filter)")
        let all = try expected(pairs)
        var shown: [Int] = []
        var marker: Int?
        while true {
            let more = marker.map { [("marker", String($0))] } ?? []
            let query = try CratonQuery(.devices, pairs + more)
            let page = try index.page(query, for: CratonFiles.caller)
            let before = shown.count - (marker == nil ? 0 : 1)
            let previous = before > 0 ? all[max(0, before - 100)] : nil
            #expect(page.previous?.alias == previous)
            guard let last = page.rows.last else { break }
            shown += page.rows.map(\.alias)
            marker = last.alias
        }
        #expect(shown == all)
        #expect(!all.isEmpty)
    }

    /// The numbers of all items, found and ordered the slow way.
    private func expected(_ pairs: [(name: String, value: String)]) throws -> [Int] {
        let query = try CratonQuery(.devices, pairs)
        let sorter = CratonSorter(index, query.sortKeys, query.subject)
        let root = pairs.first { $0.name == "parent_id" }.flatMap { Int($0.value) }
            .flatMap { index.row(.device, $0) }
        let isPlaced = pairs.contains { $0.name == "region_id" }
        let rows = index.rows.values.filter { row in
            row.family == .device
                && root.map { index.isBelow(row, $0.id) } ?? true
                && (!isPlaced || row.item.region?.text == "r2")
        }
        let sorted = rows.map { sorter.place(of: $0) }.sorted()
        return (query.isDescending ? sorted.reversed() : sorted).map(\.row.alias)
    }

    private static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            return (String(parts[0]), String(parts.last ?? ""))
        }
    }

    @Test("ids of another project are those of nothing")
    func otherProject() throws {
        let stranger = CratonCaller(
            project: try #require(DocumentID(CratonFiles.other)), user: CratonFiles.caller.user,
            name: "s", isAdmin: true, isRoot: false)
        let query = try CratonQuery(.devices, [("parent_id", "1"), ("descendants", "true")])
        #expect(try index.page(query, for: stranger).isEmpty)
        #expect(throws: CratonRefusal.unknownMarker("1")) {
            try index.page(CratonQuery(.devices, [("marker", "1")]), for: stranger)
        }
        #expect(index.find(.regions, "1", for: stranger) == nil)
    }
}

@Suite("Filters by variables")
struct CratonVariableFilterTests {
    static let document =
        #"{"n":10,"t":true,"z":null,"s":"10","o":{"a":[1,{"k":"v"}],"b":"x"},"l":[[1,2],3]}"#

    @Test(
        "a filter matches what the value contains",
        arguments: [
            ("n:10", true), ("n:10.0", true), ("n:1e1", true), (#"n:"10""#, false), ("t:1", false),
            ("t:true", true), ("z:null", true), (#"s:"10""#, true), ("s:10", false),
            ("o.a:1", true), ("o.a[0]:1", true), ("o.a[9]:1", false), (#"o.a[1].k:"v""#, true),
            (#"o.*:"x""#, true), (#"o."b":"x""#, true), (#"o:{"b":"x"}"#, true),
            (#"o:{"b":"y"}"#, false), ("l[*]:3", true), ("l[*]:2", true), ("n[0]:10", true),
            ("l:1", true), ("missing:1", false), ("n: 10 ", true),
        ])
    func matches(text: String, isMatch: Bool) throws {
        let filter = try #require(try CratonVariableFilter.read(text).first)
        let value = try JSONValue(parsing: Self.document, options: .document)
        let variable = value[filter.name]
        #expect((variable.map(filter.matches) ?? false) == isMatch)
    }

    @Test(
        "what is no path is refused as one, and what is no value as that",
        arguments: [
            ("a", true), ("", true), ("a:1,", true), ("$.a:1", true), ("a..b:1", true),
            ("[0]:1", true), ("a.0:1", true), ("a.b-c:1", true), (#"a."":1"#, true),
            ("a[1:1", true), ("a[-1]:1", true), ("a:", false), ("a:x", false), ("a:[1", false),
        ])
    func refused(text: String, isPath: Bool) {
        #expect(throws: isPath ? CratonRefusal.jsonPath : .jsonValue) {
            try CratonVariableFilter.read(text)
        }
    }

    @Test("text of any depth is judged without running out of stack")
    func deep() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        let filter = try #require(try CratonVariableFilter.read("a:\(deep)").first)
        #expect(filter.matches(filter.value))
        #expect(throws: CratonRefusal.jsonValue) {
            try CratonVariableFilter.read("a:" + String(repeating: "[", count: 100_000))
        }
    }
}
