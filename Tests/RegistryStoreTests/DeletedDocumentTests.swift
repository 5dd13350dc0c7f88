import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("What was deleted")
struct DeletedDocumentTests {
    let registry: ScratchRegistry
    let store: RegistryStore

    init() async throws {
        registry = try ScratchRegistry()
        store = try await registry.open()
    }

    private func deleted(limit: Int, _ store: RegistryStore) async throws -> [[String]] {
        var pages: [[String]] = []
        var cursor: String?
        repeat {
            let page = try await store.deleted(after: cursor, limit: limit)
            pages.append(page.documents.map(\.key.id.text))
            cursor = page.next
        } while cursor != nil
        return pages
    }

    /// Checks before the index has anything, with half of it, and with all.
    private func check(_ expected: [String]) async throws {
        try await checkPages(expected)
        await store.bringHistoryForward()
        try await checkPages(expected)
        try await store.put("after", ["title": "x"])
        try await store.remove("after")
        try await checkPages(["after"] + expected)
        await store.bringHistoryForward()
        try await checkPages(["after"] + expected)
    }

    private func checkPages(_ expected: [String]) async throws {
        for limit in [1, 2, 100] {
            let pages = try await deleted(limit: limit, store)
            #expect(pages.flatMap(\.self) == expected)
            #expect(pages.allSatisfy { $0.count <= limit })
        }
    }

    @Test("is listed once, by its newest removal, newest first, and not when it is there again")
    func list() async throws {
        for uid in ["a", "b", "c", "d"] { try await store.put(uid, ["title": .text(uid)]) }
        for uid in ["b", "a", "c"] { try await store.remove(uid) }
        for uid in ["b", "c"] { try await store.put(uid, ["title": "again"]) }
        try await store.remove("b")
        try await check(["b", "a"])
    }

    @Test("in one commit is turned over within it, by uid")
    func manyAtOnce() async throws {
        let uids = (0..<7).map { "n\($0)" }
        let documents = try uids.map { try Sample.dashboard($0, ["title": .text($0)]) }
        for changes in [documents.map { Change.put($0) }, documents.map { .remove($0.key) }] {
            _ = try await store.submit(
                Transaction<Void>(author: .anonymous) { _ throws(RegistryError) in
                    Edit(changes, subject: "many", answer: ())
                })
        }
        try await check(uids)
    }

    @Test("beside the served line counts from the merge that brought it")
    func merged() async throws {
        for uid in ["a", "b"] { try await store.put(uid, ["title": .text(uid)]) }
        let made = try registry.commitElsewhere([(Sample.path("a"), nil)])
        try await store.put("b", ["title": "meanwhile"])
        _ = try await store.takeIn(made, as: TakenIn(author: .anonymous, subject: "merge"))
        let merge = store.index.committed.commit
        try await check(["a"])
        #expect(
            try await store.deleted(limit: 5).documents.last?.commit.revision == merge)
    }

    @Test("is brought back by a command that works alone, with the index and without")
    func alone() async throws {
        try await store.put("a", ["title": "last"])
        try await store.remove("a")
        await store.close()
        for _ in 0..<2 {
            let again = try await registry.open()
            await again.bringHistoryForward()
            #expect(try await again.deleted().documents.map(\.key.id.text) == ["a"])
            await again.close()
        }
    }

    @Test("a page that begins nowhere is refused")
    func cursor() async throws {
        try await store.put("a", ["title": "x"])
        for cursor in ["x", "\(String(repeating: "1", count: 40))-1"] {
            await #expect(throws: RegistryError.unknownRevision(cursor)) {
                try await store.deleted(after: cursor)
            }
        }
    }
}
