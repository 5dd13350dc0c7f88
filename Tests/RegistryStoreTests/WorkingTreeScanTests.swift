import Foundation
import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Looking for edits in all files")
struct WorkingTreeScanTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("finds the files that are changed, removed, new or invalid, and no others")
    func differences() async throws {
        for name in ["same", "touched", "changed", "removed", "x/staged"] {
            try registry.write(Sample.path(name), Sample.text(["title": .text(name)]))
        }
        try registry.write(Sample.path("invalid"), "{")
        try registry.git("add", "-A")
        try registry.git("commit", "-qm", "documents")
        let store = try await registry.open()
        func found() async -> [String] {
            await store.scan.differences(from: store.index.committed).sorted()
        }
        #expect(await found() == [Sample.path("invalid")])
        // Older files and the same content under a new time.
        try registry.write(Sample.path("touched"), Sample.text(["title": "touched"]))
        #expect(await found() == [Sample.path("invalid")])
        try registry.write(Sample.path("changed"), Sample.text(["title": "chanGed"]))
        try registry.write(Sample.path("new"), "{}")
        try registry.write("grafana_dashboards/README.md", "no document")
        try registry.write(Sample.path("x/staged"), Sample.text(["title": "other"]))
        try registry.git("add", Sample.path("x/staged"))
        try registry.removeFile(Sample.path("removed"))
        let expected = ["changed", "invalid", "new", "removed", "x/staged"].map(Sample.path)
        #expect(await found() == expected)
        // Nothing is known of any file: all are read.
        try registry.removeFile(".git/index")
        #expect(await found() == expected)
        await store.scanWorkingTree()
        #expect(
            store.status.uncommittedEdits.map(\.path) == expected.filter { !$0.contains("invalid") }
        )
        try registry.git("reset", "-q", "--hard")
        try registry.removeFile(Sample.path("new"))
        await store.scanWorkingTree()
        #expect(store.status.uncommittedEdits.isEmpty)
    }

    @Test("does so while the server runs, without an event")
    func whileServing() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try registry.write(Sample.path("d1"), Sample.text(["title": "Edited"]))
        try await whileRunning(store) {
            try await eventually { try store.title("d1") == "Edited" }
            await #expect(throws: RegistryError.uncommittedEdit(path: Sample.path("d1"))) {
                try await store.put("d1", ["title": "Two"])
            }
        }
    }
}
