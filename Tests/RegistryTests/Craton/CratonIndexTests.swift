import HashTreeCollections
import JSON
import Testing

@testable import Registry

@Suite("The index of the fleet")
struct CratonIndexTests {
    @Test("after any changes it is what it would be had all files been loaded at once")
    func sameAsLoaded() throws {
        var random = SeededNumbers(seed: 20_261_124)
        var files: [String: [UInt8]] = [:]
        for file in CratonFiles.places { files[file.path] = file.bytes }
        var snapshot = CratonFiles.snapshot()
        for step in 0..<600 {
            let (path, bytes) = Self.change(&random)
            if let bytes {
                files[path] = bytes
                snapshot.put(path: path, bytes: bytes)
            } else {
                files[path] = nil
                snapshot.remove(path: path)
            }
            guard step % 20 == 0 else { continue }
            let loaded = Snapshot(
                settings: RegistrySettings(),
                loading: files.map { (path: $0.key, bytes: $0.value, blob: nil) })
            #expect(Self.summary(snapshot.craton) == Self.summary(loaded.craton), "step \(step)")
            #expect(snapshot.problems == loaded.problems, "step \(step)")
            #expect(Self.unnotedParents(snapshot.craton).isEmpty, "step \(step)")
            #expect(Self.unnotedParents(loaded.craton).isEmpty, "step \(step)")
        }
        #expect(snapshot.craton.rows.count > 8)
    }

    /// Devices that others hang below and that do not know of it.
    private static func unnotedParents(_ index: CratonIndex) -> [DocumentKey] {
        index.lists.keys.filter { $0.family == .device }
            .compactMap { $0.owner.flatMap { index.rows[$0] } }
            .filter { $0.family == .device && !$0.mayBeParent }.map(\.key)
    }

    /// A file that is written or removed: devices whose parents, regions and numbers collide, and the
    /// places that they are in.
    private static func change(_ random: inout SeededNumbers) -> (String, [UInt8]?) {
        let removes = random.below(4) == 0
        switch random.below(12) {
        case 0:
            let bytes = CratonFiles.item("r2", ["name": "r2", "cloud": "c1"], id: 2)
            return ("craton/regions/r2.json", removes ? nil : bytes)
        case 1:
            let cloud = ["c1", "c2", "c3"][random.below(3)]
            return (
                "craton/regions/r3.json",
                CratonFiles.item(
                    "r3", ["name": "r3", "cloud": .text(cloud)], id: 2 + random.below(2))
            )
        case 2:
            let bytes = CratonFiles.item(
                "c1", ["name": "c1", "project": .text(CratonFiles.project)], id: 1)
            return ("craton/clouds/c1.json", random.below(3) == 0 ? nil : bytes)
        case 3:
            let uid = "d\(random.below(30))"
            let text = #"{"variables":{"a":1},"labels":["x"]}"#
            return ("variables/devices/\(uid).json", removes ? nil : Array(text.utf8))
        default:
            let uid = "d\(random.below(30))"
            let parent = random.below(3) == 0 ? nil : "d\(random.below(30))"
            let bytes = CratonFiles.device(
                uid, region: ["r1", "r2", "r3", nil][random.below(4)], parent: parent,
                id: random.below(3) == 0 ? nil : 1 + random.below(20), at: random.below(5),
                kind: ["host", "network-device", "device"][random.below(3)],
                name: random.below(4) == 0 ? "same" : nil)
            return ("devices/\(uid).json", removes ? nil : bytes)
        }
    }

    private static func summary(_ index: CratonIndex) -> [String] {
        var lines = index.rows.values.map { row in
            "\(row.key) \(row.alias) \(row.project) \(row.cloud?.text ?? "-") "
                + (index.parent(of: row)?.id.text ?? "-")
        }
        for (list, rows) in index.lists {
            let ids = rows.elements().map(\.row.id.text).joined(separator: ",")
            lines.append("\(list.owner?.description ?? "-") \(list.family) \(ids)")
        }
        lines += index.sharedNames.map { "\($0.owner) \($0.family) \($0.name)" }
        lines += index.cycles.members.map { "\($0.key) \($0.value.sorted())" }
        lines += index.variables.own.values.map { "\($0.owner) \($0.variables) \($0.labels)" }
        return lines.sorted()
    }

    @Test(
        "of two with one number the older has it; the other is shown by one that follows from its uid"
    )
    func doubledNumbers() throws {
        var snapshot = CratonFiles.snapshot([
            ("devices/new.json", CratonFiles.device("new", id: 7, at: 2)),
            ("devices/old.json", CratonFiles.device("old", parent: "new", id: 7, at: 1)),
        ])
        let (old, new) = (try id("old"), try id("new"))
        #expect(snapshot.craton.row(.device, 7)?.id == old)
        let derived = CratonAliases.derived(new, .device)
        #expect(derived >= 1 << 52 && derived < 1 << 53)
        #expect(snapshot.craton.row(.device, derived)?.id == new)
        #expect(snapshot.problems.map(\.rule) == [.doubledNumber])
        // When the older one is gone the number is free.
        snapshot.remove(path: "devices/old.json")
        #expect(snapshot.craton.row(.device, 7)?.id == new)
        #expect(snapshot.craton.row(.device, derived) == nil && snapshot.problems.isEmpty)
    }

    @Test("in a circle of parents the smallest uid has none, and that is an error")
    func circle() throws {
        let snapshot = CratonFiles.snapshot([
            ("devices/b.json", CratonFiles.device("b", parent: "a", id: 1)),
            ("devices/a.json", CratonFiles.device("a", parent: "c", id: 2)),
            ("devices/c.json", CratonFiles.device("c", parent: "b", id: 3)),
        ])
        let index = snapshot.craton
        let parents = try ["a", "b", "c"].map { name in
            try index.rows[DocumentKey(.devices, id(name))].flatMap {
                index.parent(of: $0)?.id.text
            }
        }
        #expect(parents == [nil, "a", "b"])
        #expect(snapshot.problems.map(\.rule) == [.cycle])
        #expect(snapshot.problems.first?.severity == .error)
    }

    @Test("a device without its region is left out and reported as a warning")
    func missingRegion() throws {
        let snapshot = CratonFiles.snapshot([
            ("devices/a.json", CratonFiles.device("a", region: "gone", id: 1))
        ])
        #expect(snapshot.craton.row(.device, 1) == nil)
        #expect(snapshot.problems.map(\.severity) == [.warning])
    }

    private func id(_ text: String) throws -> DocumentID { try #require(DocumentID(text)) }
}

/// A generator whose numbers are the same in every run.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ word >> 31) % UInt64(bound))
    }
}
