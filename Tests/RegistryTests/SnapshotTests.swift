import JSON
import Testing

@testable import Registry

@Suite("The snapshot")
struct SnapshotTests {
    static func device(
        _ uid: String, _ date: String = "2026-01-31T12:00:00Z", _ more: String = ""
    ) -> [UInt8] {
        file(#"{"uid":"\#(uid)","creation_date":"\#(date)","address":"a"\#(more)}"#)
    }

    @Test("lists are by creation, then by uid, and pages and ranks agree with them")
    func orders() throws {
        var snapshot = Snapshot()
        for number in 0..<500 {
            let uid = "r\(number * 7 % 500)"
            let minute = String(number % 60 + 100).dropFirst()
            snapshot.put(
                path: "devices/\(uid).json", bytes: Self.device(uid, "2026-01-31T12:\(minute):00Z"))
        }
        let all = Array(snapshot.all(in: .devices))
        #expect(all.count == 500 && snapshot.count(of: .devices) == 500)
        let expected = all.sorted {
            let (left, right) = ($0.content.creationDate, $1.content.creationDate)
            return left == right ? $0.id < $1.id : (left ?? .sample) < (right ?? .sample)
        }
        #expect(all.map(\.id) == expected.map(\.id))
        #expect(Array(snapshot.all(in: .devices, order: .uid)).map(\.id) == all.map(\.id).sorted())
        let page = snapshot.documents(in: .devices, offset: 240, limit: 20)
        #expect(page.map(\.id) == all[240..<260].map(\.id))
        for (rank, stored) in all.enumerated() { #expect(snapshot.rank(of: stored.key) == rank) }
        let neighbours = snapshot.neighbours(of: all[1].key, count: 3)
        #expect(neighbours.before.map(\.id) == [all[0].id])
        #expect(neighbours.after.map(\.id) == all[2...4].map(\.id))
        #expect(snapshot.rank(of: .init(.devices, try id("nobody"))) == nil)
        #expect(snapshot.documents(in: .devices, offset: 600, limit: 5).isEmpty)
    }

    @Test(
        "of two files of one uid the one where a new file would go is served, and the other stands in when it goes"
    )
    func doubledUID() throws {
        var snapshot = Snapshot()
        let key = DocumentKey(.devices, try id("a"))
        snapshot.put(path: "devices/x/a.json", bytes: Self.device("a", "2026-01-31T12:00:01Z"))
        snapshot.put(path: "devices/b/a.json", bytes: Self.device("a", "2026-01-31T12:00:02Z"))
        #expect(snapshot[key]?.path == "devices/b/a.json")
        snapshot.put(path: "devices/a.json", bytes: Self.device("a", "2026-01-31T12:00:03Z"))
        #expect(snapshot[key]?.path == "devices/a.json" && snapshot.count(of: .devices) == 1)
        #expect(snapshot.problems.map(\.path) == ["devices/b/a.json", "devices/x/a.json"])
        #expect(snapshot.problems.allSatisfy { $0.rule == .doubledUID })
        let device = try #require(snapshot.device(key.id))
        let unchanged = snapshot.fileChanges(for: [.put(device.prepared)])
        #expect(
            unchanged.map(\.path) == ["devices/a.json", "devices/b/a.json", "devices/x/a.json"])
        #expect(unchanged.map { $0.document == nil } == [false, true, true])
        snapshot.remove(path: "devices/a.json")
        #expect(snapshot[key]?.path == "devices/b/a.json")
        snapshot.remove(path: "devices/b/a.json")
        snapshot.remove(path: "devices/x/a.json")
        #expect(snapshot[key] == nil && snapshot.problems.isEmpty)
    }

    @Test("a new fan-out changes which of two files is served")
    func fanOutAndDoubledUID() throws {
        var snapshot = Snapshot()
        let key = DocumentKey(.devices, try id("a"))
        let natural = FileLayout(fanOut: [.devices: 1]).path(for: key)
        snapshot.put(path: "devices/a.json", bytes: Self.device("a"))
        snapshot.put(path: natural, bytes: Self.device("a"))
        #expect(snapshot[key]?.path == "devices/a.json")
        snapshot.put(
            path: "registry.json", bytes: file(#"{"format_version":1,"fan_out":{"devices":1}}"#))
        #expect(snapshot[key]?.path == natural)
    }

    @Test("the last good version of a file that has become invalid stays served")
    func lastGood() throws {
        var snapshot = Snapshot()
        let key = DocumentKey(.devices, try id("a"))
        snapshot.put(path: "devices/a.json", bytes: Self.device("a"))
        let good = try #require(snapshot[key]?.blob)
        snapshot.put(path: "devices/a.json", bytes: file("{"))
        #expect(snapshot[key]?.blob == good && snapshot[key]?.isLastGood == true)
        #expect(snapshot.invalidPaths["devices/a.json"]?.rule == .syntax)
        // The same bytes again are a repair.
        let device = try #require(snapshot.device(key.id))
        let document = try PreparedDocument(key, bytes: Self.device("a"))
        #expect(snapshot.fileChanges(for: [.put(document)]).map(\.path) == ["devices/a.json"])
        #expect(device.uid == key.id)
        snapshot.put(path: "devices/a.json", document)
        #expect(snapshot.problems.isEmpty && snapshot.fileChanges(for: [.put(document)]).isEmpty)
        snapshot.putInvalid(path: "devices/b.json", bytes: file("["), lastGood: Self.device("b"))
        snapshot.putInvalid(path: "devices/c.json", bytes: file("["), lastGood: nil)
        #expect(snapshot.count(of: .devices) == 2)
        #expect(snapshot.problems.map(\.path) == ["devices/b.json", "devices/c.json"])
        let third = try PreparedDocument(
            .init(.devices, try id("c")), bytes: Self.device("c"))
        #expect(snapshot.fileChanges(for: [.put(third)]).map(\.path) == ["devices/c.json"])
        snapshot.remove(path: "devices/b.json")
        snapshot.remove(path: "devices/c.json")
        #expect(snapshot.problems.isEmpty && snapshot.count(of: .devices) == 1)
    }

    @Test("what names nothing is reported until it names something")
    func references() throws {
        var snapshot = Snapshot()
        snapshot.put(
            path: "devices/a.json",
            bytes: Self.device("a", "2026-01-31T12:00:00Z", #","grafana_dashboards":["d","d"]"#))
        let dashboard = DocumentKey(.grafanaDashboards, try id("d"))
        #expect(snapshot.referrers(of: dashboard).map(\.description) == ["devices/a"])
        #expect(
            snapshot.problems.map(\.description) == [
                "devices/a.json: /grafana_dashboards/0: There is no document grafana_dashboards/d.",
                "devices/a.json: /grafana_dashboards/1: There is no document grafana_dashboards/d.",
            ])
        snapshot.put(path: "grafana_dashboards/d.json", bytes: file("{}"))
        #expect(snapshot.problems.isEmpty && snapshot.referrerCount(of: dashboard) == 1)
        snapshot.remove(path: "grafana_dashboards/d.json")
        #expect(snapshot.problems.count == 2)
        snapshot.remove(path: "devices/a.json")
        #expect(snapshot.problems.isEmpty && snapshot.referrers(of: dashboard).isEmpty)
    }

    @Test("uids that differ only by case, and full folders, are warnings")
    func warnings() throws {
        var snapshot = Snapshot()
        for uid in ["Robot", "robot", "ROBOT", "other", "É", "é"] {
            let path = FileLayout().path(for: .init(.devices, try id(uid)))
            snapshot.put(path: path, bytes: Self.device(uid))
        }
        #expect(snapshot.problems.map(\.rule) == [.caseTwin, .caseTwin, .caseTwin])
        #expect(snapshot.problems.allSatisfy { $0.severity == .warning })
        snapshot.remove(path: "devices/Robot.json")
        snapshot.remove(path: "devices/ROBOT.json")
        #expect(snapshot.problems.map(\.path) == ["devices/%C3%A9.json"])
        snapshot.remove(path: "devices/%C3%89.json")
        for number in 0..<2_001 {
            snapshot.put(path: "grafana_dashboards/x/\(number).json", bytes: file("{}"))
        }
        #expect(snapshot.problems.map(\.path) == ["grafana_dashboards/x"])
        snapshot.remove(path: "grafana_dashboards/x/7.json")
        #expect(snapshot.problems.isEmpty)
    }

    @Test("misspelled names and broken settings are problems, other files are not")
    func otherFiles() {
        var snapshot = Snapshot()
        snapshot.put(path: "devices/a%2f.json", bytes: Self.device("a/"))
        snapshot.put(path: "devices/README.md", bytes: file("hello"))
        snapshot.put(path: "registry.json", bytes: file(#"{"format_version":1,"fan-out":{}}"#))
        #expect(snapshot.problems.map(\.rule) == [.fileName, .content])
        #expect(snapshot.problems.last?.pointer?.description == "/fan-out")
        snapshot.put(path: "registry.json", bytes: RegistrySettings().canonicalBytes())
        snapshot.remove(path: "devices/a%2f.json")
        #expect(snapshot.problems.isEmpty)
    }

    @Test("folders whose names are canonically equivalent are two folders")
    func canonicalEquivalence() throws {
        var snapshot = Snapshot()
        snapshot.put(path: "devices/é/a.json", bytes: Self.device("a"))
        snapshot.put(path: "devices/e\u{301}/a.json", bytes: Self.device("a"))
        #expect(snapshot.problems.count == 1)
        snapshot.remove(path: "devices/é/a.json")
        #expect(snapshot.count(of: .devices) == 1 && snapshot.problems.isEmpty)
    }

    @Test(
        "any order of changes makes what loading all files at once makes",
        arguments: 0..<4 as Range<UInt64>)
    func incremental(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var files: [String: [UInt8]] = [:]
        var snapshot = Snapshot()
        let uids = ["a", "A", "b", "c", "d/e", "é"]
        for step in 0..<1_500 {
            let (path, bytes) = try Self.randomFile(uids, &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 {
                files[path] = nil
                snapshot.remove(path: path)
            } else {
                // A last good version is history, which loading does not know.
                if (try? Self.read(path, bytes)) == nil { snapshot.remove(path: path) }
                files[path] = bytes
                snapshot.put(path: path, bytes: bytes)
            }
            guard step.isMultiple(of: 20) else { continue }
            let loaded = Snapshot(
                settings: RegistrySettings(),
                loading: files.shuffled(using: &generator).map { ($0.key, $0.value, nil) })
            Self.expectEqual(snapshot, loaded)
        }
    }

    static func randomFile(
        _ uids: [String], _ generator: inout SeededGenerator
    ) throws -> (path: String, bytes: [UInt8]) {
        let uid = uids.randomElement(using: &generator) ?? "a"
        let name = FileName.components(of: try id(uid)).joined()
        let folder = ["", "x/", "y/"].randomElement(using: &generator) ?? ""
        let isBroken = Int.random(in: 0..<6, using: &generator) == 0
        if Bool.random(using: &generator) {
            return ("grafana_dashboards/\(folder)\(name).json", file(isBroken ? "[]" : "{}"))
        }
        let list = uids.filter { _ in Bool.random(using: &generator) }.map { "\"\($0)\"" }
        let second = Int.random(in: 10..<60, using: &generator)
        let more = #","grafana_dashboards":[\#(list.joined(separator: ","))]"#
        let bytes = device(uid, "2026-01-31T12:00:\(second)Z", isBroken ? ",\"x\":1" : more)
        return ("devices/\(folder)\(name).json", bytes)
    }

    private static func read(_ path: String, _ bytes: [UInt8]) throws -> PreparedDocument? {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return nil }
        return try PreparedDocument(key, bytes: bytes)
    }

    static func expectEqual(_ left: Snapshot, _ right: Snapshot) {
        for collection in [Collection.devices, .grafanaDashboards] {
            for order in [Snapshot.Order.creation, .uid] {
                let (left, right) = (
                    Array(left.all(in: collection, order: order)),
                    Array(right.all(in: collection, order: order))
                )
                #expect(left.map(\.key) == right.map(\.key))
                #expect(left.map(\.path) == right.map(\.path))
                #expect(left.map(\.blob) == right.map(\.blob))
            }
        }
        #expect(left.problems == right.problems)
        for uid in ["a", "A", "b", "c", "d/e", "é"] {
            guard let id = DocumentID(uid) else { continue }
            let key = DocumentKey(.grafanaDashboards, id)
            #expect(left.referrers(of: key) == right.referrers(of: key))
        }
    }
}

@Suite("Registry settings")
struct RegistrySettingsTests {
    @Test("settings come back from their own text")
    func roundTrip() throws {
        var settings = RegistrySettings()
        settings.servedBranch = "release/2"
        settings.fanOut = ["devices": 2, "certificates": 0]
        settings.defaultRegion = DocumentID("halle")
        settings.annotations = ["owner": "ops"]
        #expect(try RegistrySettings(parsing: settings.canonicalBytes()) == settings)
        #expect(settings.layout.fanOut[.devices] == 2)
        #expect(try RegistrySettings(parsing: file(#"{"format_version":1}"#)) == RegistrySettings())
    }

    @Test(
        "a broken rule is named with its place",
        arguments: [
            ("{}", ""), (#"{"format_version":"1"}"#, "/format_version"),
            (#"{"format_version":2}"#, "/format_version"),
            (#"{"format_version":1,"served_branch":"a..b"}"#, "/served_branch"),
            (#"{"format_version":1,"served_branch":"-x"}"#, "/served_branch"),
            (#"{"format_version":1,"fan_out":{"devices":5}}"#, "/fan_out/devices"),
            (#"{"format_version":1,"fan_out":{"robots":1}}"#, "/fan_out/robots"),
            (#"{"format_version":1,"default_region":""}"#, "/default_region"),
            (#"{"format_version":1,"more":1}"#, "/more"),
        ])
    func broken(text: String, pointer: String) {
        let error = #expect(throws: InvalidDocument.self) {
            try RegistrySettings(parsing: file(text))
        }
        #expect(error?.pointer?.description == pointer)
    }

    @Test("a newer format is known as such, whatever else the file holds")
    func newerFormat() {
        #expect(RegistrySettings.newerFormat(of: file(#"{"format_version":9,"x":[]}"#)) == 9)
        #expect(RegistrySettings.newerFormat(of: file(#"{"format_version":1}"#)) == nil)
        #expect(RegistrySettings.newerFormat(of: file("{")) == nil)
    }

    @Test(
        "the fan-out grows with the number of devices",
        arguments: [(0, 0), (1000, 0), (1001, 1), (5001, 2), (200_001, 3)])
    func fanOut(count: Int, depth: Int) {
        #expect(RegistrySettings.fanOut(forDocuments: count) == depth)
    }
}
