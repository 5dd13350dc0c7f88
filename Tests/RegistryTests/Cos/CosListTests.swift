import JSON
import Testing

@testable import Registry

@Suite("Lists in pieces")
struct CosListTests {
    private func registry(devices count: Int) throws -> MemoryRegistry {
        var registry = MemoryRegistry()
        for number in 0..<count {
            try registry.device(.create, #"{"uid":"r\#(number)","address":"10.0.0.1"}"#)
        }
        return registry
    }

    @Test("are one array of all devices", arguments: [0, 1, 255, 256, 257, 600])
    func pieces(count: Int) throws {
        let rendering = CosRendering(try registry(devices: count).snapshot)
        let list = rendering.devices()
        #expect(list.pieceCount == max(1, (count + 255) / 256))
        let whole = (0..<list.pieceCount).flatMap { list.piece($0) }
        #expect(whole == list.bytes)
        let elements = try #require(try JSONValue(parsing: whole, options: .api).array)
        #expect(elements.count == count)
        #expect(Set(elements.compactMap { $0["uid"]?.text }).count == count)
    }

    @Test(
        "have another version when anything that they show changes, and the same when all is back")
    func version() throws {
        var registry = try registry(devices: 3)
        try registry.device(.create, #"{"uid":"r","address":"10.0.0.1"}"#)
        func version() -> [UInt64] { CosRendering(registry.snapshot).devices().version }
        let first = version()
        try registry.device(.patch(id("r1")), #"{"address":"10.0.0.2"}"#)
        #expect(version() != first)
        try registry.device(.patch(id("r1")), #"{"address":"10.0.0.1"}"#)
        #expect(version() == first)
        try registry.dashboard(.create, #"{"uid":"d","dashboard":{}}"#)
        #expect(version() == first, "no device shows it")
        try registry.device(.patch(id("r1")), #"{"grafana_dashboards":["d"]}"#)
        let second = version()
        let file = FileLayout().path(for: DocumentKey(.grafanaDashboards, try id("d")))
        registry.snapshot.remove(path: file)
        #expect(version() != second)
        let third = version()
        _ = try CertificateWriteTests.submit(CertificateWriteTests.request, &registry)
        #expect(version() != third)
    }

    @Test("have a version that depends on uids, not on the way to them")
    func state() throws {
        var one = MemoryRegistry()
        var other = MemoryRegistry()
        for uid in ["a", "b", "c"] {
            try one.dashboard(.create, #"{"uid":"\#(uid)","dashboard":{}}"#)
        }
        for uid in ["c", "x", "b", "a"] {
            try other.dashboard(.create, #"{"uid":"\#(uid)","dashboard":{}}"#)
        }
        let collection = Collection.grafanaDashboards
        #expect(one.snapshot.state(of: collection) != other.snapshot.state(of: collection))
        other.remove(.grafanaDashboard, try id("x"))
        #expect(one.snapshot.state(of: collection) == other.snapshot.state(of: collection))
        let loaded = Snapshot(
            settings: RegistrySettings(),
            loading: one.snapshot.all(in: collection).map {
                (path: $0.path, bytes: $0.bytes, blob: nil as Revision?)
            })
        #expect(loaded.state(of: collection) == one.snapshot.state(of: collection))
    }
}
