import Foundation
import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Resharding a collection")
struct ReshardingTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    private static let collection = Collection.grafanaDashboards.name

    private func place(_ uid: String, _ depth: Int) throws -> String {
        FileLayout.path(for: try Sample.key(uid), depth: depth)
    }

    @Test("moves every file in one commit, after which nothing differs and new files go there too")
    func moves() async throws {
        let store = try await registry.open()
        for number in 0..<20 { try await store.put("d\(number)", ["title": "One"]) }
        let before = try registry.commits
        let done = try await store.reshard(to: [Self.collection: 2])
        #expect(done.parts == [.init(collection: Self.collection, depth: 2, files: 20)])
        #expect(try registry.git("rev-parse", "HEAD") == done.commit?.description)
        #expect(try registry.commits == before + 1)
        try await store.put("new", ["title": "Two"])
        await store.close()
        for uid in ["d0", "d19", "new"] {
            #expect(registry.read(try place(uid, 2)) != nil)
            #expect(registry.read(try place(uid, 0)) == nil)
            #expect(try store.title(uid) != nil)
        }
        #expect(registry.read("registry.json")?.contains("\"grafana_dashboards\": 2") == true)
        try registry.judge()
        let again = try await registry.open()
        #expect(try again.title("d7") == "One")
        #expect(try await again.reshard(to: [Self.collection: 2]).parts.isEmpty)
        await again.close()
    }

    @Test("back to one folder leaves no empty folders behind")
    func back() async throws {
        let store = try await registry.open()
        for number in 0..<5 { try await store.put("d\(number)", ["title": "One"]) }
        _ = try await store.reshard(to: [Self.collection: 3])
        _ = try await store.reshard(to: [Self.collection: 0])
        await store.close()
        let names = try FileManager.default.contentsOfDirectory(
            atPath: "\(registry.path)/grafana_dashboards")
        #expect(names.sorted() == (0..<5).map { "d\($0).json" })
        try registry.judge()
    }

    @Test("that is reverted moves the files back, and those that came since stay where they are")
    func reverted() async throws {
        let store = try await registry.open()
        for number in 0..<5 { try await store.put("d\(number)", ["title": "One"]) }
        let done = try await store.reshard(to: [Self.collection: 1])
        try await store.put("new", ["title": "Two"])
        try await store.put("d1", ["title": "Later"])
        let request = UndoRequest(.revert(commit: "\(try #require(done.commit))"))
        let preview = try await store.preview(of: request)
        #expect(preview.isPossible, "\(preview.effect.conflicts) \(preview.effect.problems)")
        _ = try await store.undo(request, seen: preview.tag, by: .anonymous)
        #expect(store.index.committed.settings.fanOut[Self.collection] ?? 0 == 0)
        #expect(try store.title("d1") == "Later")
        #expect(try store.title("new") == "Two")
        #expect(try store.title("d4") == "One")
        #expect(store.index.committed.count(of: .grafanaDashboards) == 6)
        await store.close()
        #expect(registry.read(try place("d4", 0)) != nil)
        #expect(registry.read(try place("d4", 1)) == nil)
        try registry.judge()
    }

    @Test("a trial tells what would move, and moves nothing")
    func trial() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        let before = try registry.commits
        let done = try await store.reshard(to: [Self.collection: 1], isTrial: true)
        #expect(done.parts.map(\.files) == [1])
        #expect(done.commit == nil)
        #expect(try registry.commits == before)
        #expect(registry.read(Sample.path("d1")) != nil)
        await store.close()
    }

    @Test("an edit that nobody has committed stops it, by name, and so does a place that is taken")
    func edits() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try await store.put("d2", ["title": "One"])
        try registry.write(Sample.path("d2"), Sample.text(["title": "Mine"]))
        await #expect(throws: RegistryError.uncommittedEdit(path: Sample.path("d2"))) {
            try await store.reshard(to: [Self.collection: 1])
        }
        try registry.git("checkout", "HEAD", "--", Sample.path("d2"))
        let taken = try place("d1", 1)
        try registry.write(taken, "mine")
        await #expect(throws: RegistryError.uncommittedEdit(path: taken)) {
            try await store.reshard(to: [Self.collection: 1])
        }
        #expect(registry.read(Sample.path("d1")) != nil)
        await store.close()
    }

    @Test("files in folders that people made stay")
    func peoplesFolders() async throws {
        try registry.write("grafana_dashboards/hall/d1.json", Sample.text(["title": "One"]))
        try registry.git("add", "--all")
        try registry.git("commit", "-qm", "hall")
        let store = try await registry.open()
        try await store.put("d2", ["title": "One"])
        #expect(try await store.reshard(to: [Self.collection: 1]).parts.map(\.files) == [1])
        #expect(registry.read("grafana_dashboards/hall/d1.json") != nil)
        await store.close()
        try registry.judge()
    }

    @Test("the history of a document goes on across it, also from before a restart")
    func history() async throws {
        var store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try await store.put("d1", ["title": "Two"])
        _ = try await store.reshard(to: [Self.collection: 2])
        try await store.put("d1", ["title": "Three"])
        for _ in 0..<2 {
            let entries = try await store.history(of: place("d1", 2), limit: 10)
            #expect(
                entries.map(\.subject) == Array(repeating: "grafana_dashboards/d1: put", count: 3))
            let first = try #require(entries.last?.revision)
            let old = try await store.file(try place("d1", 2), at: first)
            #expect(
                old.map { String(decoding: $0, as: UTF8.self) } == Sample.text(["title": "One"]))
            await store.close()
            store = try await registry.open()
        }
        try await whileRunning(store) {
            try await eventually { store.status.history.isComplete }
            let entries = try await store.history(of: place("d1", 2), limit: 10)
            #expect(entries.count == 3)
        }
        await store.close()
    }

    @Test("the history goes on across a move by hand")
    func movedByHand() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        await store.close()
        let target = try place("d1", 1)
        try registry.write(target, "")
        try registry.removeFile(target)
        try registry.git("mv", Sample.path("d1"), target)
        try registry.git("commit", "-qm", "move")
        let again = try await registry.open()
        try await again.put("d1", ["title": "Two"])
        let subjects = try await again.history(of: target, limit: 10).map(\.subject)
        #expect(subjects == ["grafana_dashboards/d1: put", "grafana_dashboards/d1: put"])
        await again.close()
    }

    @Test("a clone's commits merge across it")
    func clone() async throws {
        let store = try await registry.open()
        for uid in ["d1", "d2"] { try await store.put(uid, ["title": "One"]) }
        await store.close()
        let clone = try ScratchRegistry(cloning: registry)
        try clone.write(Sample.path("d1"), Sample.text(["title": "Clone"]))
        try clone.git("commit", "-qam", "edit")
        let again = try await registry.open()
        _ = try await again.reshard(to: [Self.collection: 2])
        try await again.put("d2", ["title": "Two"])
        await again.close()
        try clone.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        #expect(clone.read(try place("d1", 2)) == Sample.text(["title": "Clone"]))
        #expect(clone.read(try place("d2", 2)) == Sample.text(["title": "Two"]))
        try registry.git("pull", "-q", "--ff-only", clone.path, "main")
        let last = try await registry.open()
        #expect(try last.title("d1") == "Clone")
        await last.close()
        try registry.judge()
    }
}
