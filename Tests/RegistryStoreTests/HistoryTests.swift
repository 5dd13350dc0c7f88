import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("The history of a document")
struct HistoryTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("has the commits that changed it, newest first, as git log has them")
    func ofOnePath() async throws {
        var store = try await registry.open()
        for title in ["One", "Two", "Three"] {
            try await store.put("d1", ["title": .text(title)])
            try await store.put("other", ["title": .text(title)])
        }
        try await compare(store)
        await store.close()
        // After a restart: first by a walk, then from the index that is filled in the background.
        store = try await registry.open()
        try await compare(store)
        try await whileRunning(store) {
            try await eventually { store.status.history.isComplete }
            try await compare(store)
            try await store.put("d1", ["title": "Four"])
            try registry.write(Sample.path("d1"), Sample.text(["title": "Hand"]))
            try registry.git("commit", "-qam", "by hand")
            let head = try registry.git("rev-parse", "HEAD")
            try await eventually { store.index.committed.commit?.description == head }
            try await compare(store)
        }
    }

    private func compare(_ store: RegistryStore) async throws {
        let path = Sample.path("d1")
        let expected = try registry.git("log", "--format=%H %s", "--", path)
        let found = try await store.history(of: path, limit: 10)
        #expect(
            found.map { "\($0.revision) \($0.subject)" }.joined(separator: "\n") == expected)
    }

    @Test("of the whole registry has every commit")
    func ofEverything() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        let found = try await store.history(of: nil, limit: 10)
        #expect(found.map(\.subject) == ["grafana_dashboards/d1: put", "Begin a registry"])
        #expect(found.first?.author == .anonymous)
    }
}
