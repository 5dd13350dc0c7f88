import Foundation
import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("The snapshot file")
struct SnapshotFileTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    private var file: String { registry.path + "/.git/muster/snapshot" }

    /// What every document is served as, and everything that is wrong.
    private func state(_ snapshot: Snapshot) -> [String] {
        var lines = snapshot.problems.map(\.description)
        for collection in Collection.allCases {
            for stored in snapshot.all(in: collection) {
                lines.append("\(stored.path) \(stored.blob) \(stored.isLastGood)")
            }
        }
        return lines + ["\(String(describing: snapshot.tree)) \(snapshot.settings)"]
    }

    /// Starts with the file and without it.
    private func compare(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let kept = try Data(contentsOf: URL(fileURLWithPath: file))
        var store = try await registry.open()
        let withFile = state(store.index.committed)
        await store.close()
        try FileManager.default.removeItem(atPath: file)
        store = try await registry.open()
        #expect(state(store.index.committed) == withFile, sourceLocation: sourceLocation)
        await store.close()
        try kept.write(to: URL(fileURLWithPath: file))
    }

    @Test("and what changed since make the same registry as reading everything does")
    func equality() async throws {
        var store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try await store.put("d2", ["title": "Two"])
        await store.close()
        try await compare()
        let steps: [(String, () throws -> Void)] = [
            ("another version", { try registry.write(Sample.path("d1"), Sample.text([:])) }),
            ("an invalid version", { try registry.write(Sample.path("d1"), "{") }),
            ("still invalid", { try registry.write(Sample.path("d1"), "[") }),
            ("a second file", { try registry.write("grafana_dashboards/x/d2.json", "{}") }),
            ("a wrong name", { try registry.write("grafana_dashboards/a%2f.json", "{}") }),
            ("gone", { try registry.removeFile(Sample.path("d2")) }),
            ("invalid from the start", { try registry.write(Sample.path("d3"), "nothing") }),
            (
                "a reference to nothing",
                {
                    let device =
                        #"{"uid":"r","creation_date":"2026-01-31T12:00:00Z","address":"a","#
                    try registry.write(
                        "devices/r.json", device + #""grafana_dashboards":["d1","d9"]}"#)
                }
            ),
            (
                "other settings",
                {
                    var settings = RegistrySettings()
                    settings.fanOut = ["grafana_dashboards": 1]
                    try registry.write(
                        "registry.json", String(decoding: settings.canonicalBytes(), as: UTF8.self))
                }
            ),
            ("invalid settings", { try registry.write("registry.json", "{}") }),
        ]
        for (message, change) in steps {
            try change()
            try registry.git("add", "-A")
            try registry.git("commit", "-qm", message)
            // First from the file of an older commit, then from that of this one.
            try await compare()
            store = try await registry.open()
            await store.close()
            try await compare()
        }
    }

    @Test("of commits that are no more, and a torn one, are passed over")
    func unusable() async throws {
        var store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        let expected = state(store.index.committed)
        await store.close()
        let kept = try Data(contentsOf: URL(fileURLWithPath: file))
        for damaged in [kept.prefix(kept.count / 2), Data(), Data("nonsense".utf8)] {
            try damaged.write(to: URL(fileURLWithPath: file))
            store = try await registry.open()
            #expect(state(store.index.committed) == expected)
            await store.close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) != damaged)
        }
        let other = try ScratchRegistry()
        try other.write(Sample.path("other"), "{}")
        try other.git("add", "-A")
        try other.git("commit", "-qm", "elsewhere")
        let there = try await other.open()
        await there.close()
        try Data(contentsOf: URL(fileURLWithPath: other.path + "/.git/muster/snapshot"))
            .write(to: URL(fileURLWithPath: file))
        store = try await registry.open()
        #expect(state(store.index.committed) == expected)
        await store.close()
    }
}
