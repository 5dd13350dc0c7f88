import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Following the served branch")
struct CommitEventTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("each commit is told with what it did to documents")
    func kinds() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try await store.put("d1", ["title": "Two"])
        let second = try #require(store.index.committed.commit)
        try await store.remove("d1")
        let events = try await store.events(.start, limit: 10)
        #expect(
            events.map(\.changes).map { $0.map(\.kind) } == [
                [], [.created], [.changed], [.removed],
            ])
        #expect(events[0].previous == nil && events[0].otherPaths == ["registry.json"])
        let change = try #require(events[2].changes.first)
        #expect(change.previousBlob == events[1].changes.first?.blob)
        let blob = try #require(change.blob)
        #expect(
            try await store.content(of: blob).map { String(decoding: $0, as: UTF8.self) }
                == Sample.text(["title": "Two"]))
        #expect(try await store.events(.after(second), limit: 10) == [events[3]])
        #expect(try await store.events(.after(events[3].commit.revision), limit: 10) == [])
        await #expect(throws: RegistryError.unknownRevision("\(Revision.zero)")) {
            try await store.events(.after(.zero), limit: 10)
        }
    }

    @Test("a document whose file goes elsewhere is moved, not removed and made")
    func moved() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        let before = try #require(store.index.committed.commit)
        _ = try await store.reshard(to: [Collection.grafanaDashboards.name: 2])
        let event = try #require(try await store.events(.after(before), limit: 10).first)
        let change = try #require(event.changes.first)
        #expect(event.changes.count == 1 && change.kind == .moved)
        #expect(change.path == FileLayout.path(for: try Sample.key("d1"), depth: 2))
        #expect(change.blob == change.previousBlob)
        #expect(event.otherPaths == ["registry.json"])
    }

    @Test("who has a state that was taken back gets one event that leads to the branch")
    func takenBack() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try registry.git("switch", "-qc", "side")
        try registry.write(Sample.path("d2"), Sample.text(["title": "Side"]))
        try registry.git("add", "-A")
        try registry.git("commit", "-qm", "beside")
        let beside = try #require(Revision(hex: registry.git("rev-parse", "HEAD")))
        try registry.git("switch", "-q", "main")
        await store.lookAround()
        try await store.put("d3", ["title": "Main"])
        let event = try #require(try await store.events(.after(beside), limit: 10).first)
        #expect(event.previous == beside && event.commit.revision == store.index.committed.commit)
        #expect(event.changes.map(\.kind) == [.removed, .created])
    }

    @Test("a publication wakes who waits, a cancellation too, and nothing is missed between")
    func waking() async throws {
        let publications = Publications()
        let seen = publications.count
        publications.announce()
        await publications.wait(after: seen)
        let now = publications.count
        let waiting = Task { await publications.wait(after: now) }
        publications.announce()
        await waiting.value
        let cancelled = Task { await publications.wait(after: publications.count) }
        cancelled.cancel()
        await cancelled.value
    }
}
