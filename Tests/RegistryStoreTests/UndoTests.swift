import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Undo")
struct UndoTests {
    let registry: ScratchRegistry
    let store: RegistryStore
    private let ada = Author(name: "Ada", email: "ada@example.org")

    init() async throws {
        registry = try ScratchRegistry()
        store = try await registry.open()
        try await store.put("one", ["title": "old", "tags": []])
    }

    private func revert(_ commit: Revision?) throws -> UndoRequest {
        UndoRequest(.revert(commit: "\(try #require(commit))"))
    }

    private func restore(_ uid: String, at revision: Revision?) throws -> UndoRequest {
        UndoRequest(.restore(try Sample.key(uid), at: revision.map { "\($0)" }))
    }

    private func trailer(_ name: String) throws -> String {
        try registry.git("log", "-1", "--format=%(trailers:key=\(name),valueonly)")
    }

    @Test("of a commit keeps what others changed since in other fields")
    func revertOneField() async throws {
        let bad = try await store.put("one", ["title": "bad", "tags": []]).commit
        try await store.put("one", ["title": "bad", "tags": ["later"]])
        let preview = try await store.preview(of: revert(bad))
        #expect(preview.isPossible)
        #expect(preview.effect.changes.first?.difference.fields.map(\.name) == ["title"])
        #expect(try store.title("one") == "bad")
        let done = try await store.undo(revert(bad), seen: preview.tag, by: ada, body: "A slip.")
        #expect(try store.title("one") == "old")
        #expect(registry.read(Sample.path("one"))?.contains("later") == true)
        #expect(try trailer("Reverts") == bad?.description)
        #expect(
            try registry.git("log", "-1", "--format=%an %s")
                == "Ada Revert \"grafana_dashboards/one: put\"")
        #expect(done.commit == store.index.committed.commit)
        await store.close()
        try registry.judge()
    }

    @Test("of an undo brings the change back, and once more takes nothing back")
    func revertRevert() async throws {
        let change = try await store.put("one", ["title": "new", "tags": []]).commit
        let first = try await store.undo(revert(change), by: ada)
        _ = try await store.undo(revert(first.commit), by: ada)
        #expect(try store.title("one") == "new")
        let before = try registry.commits
        let again = try await store.undo(revert(first.commit), by: ada)
        #expect(again.commit == nil)
        #expect(again.preview.changesNothing)
        #expect(try registry.commits == before)
    }

    @Test("of the same field that was changed since is done as a person chooses, or not at all")
    func conflict() async throws {
        let bad = try await store.put("one", ["title": "bad", "tags": []]).commit
        try await store.put("one", ["title": "later", "tags": []])
        var request = try revert(bad)
        let preview = try await store.preview(of: request)
        #expect(preview.effect.conflicts.map(\.ours) == [.text("later")])
        #expect(preview.effect.conflicts.map(\.theirs) == [.text("old")])
        await #expect(throws: RegistryError.self) { try await store.undo(request, by: ada) }
        #expect(try store.title("one") == "later")
        request.choices.choose(.theirs, at: Sample.path("one"), "/title")
        _ = try await store.undo(request, seen: preview.tag, by: ada)
        #expect(try store.title("one") == "old")
    }

    @Test("of a preview that somebody has overtaken is refused, of one beside it is done")
    func overtaken() async throws {
        let bad = try await store.put("one", ["title": "bad", "tags": []]).commit
        let preview = try await store.preview(of: revert(bad))
        try await store.put("two", ["title": "beside"])
        #expect(try await store.preview(of: revert(bad)).tag == preview.tag)
        try await store.put("one", ["title": "bad", "tags": ["x"]])
        await #expect(throws: RegistryError.undoChanged) {
            try await store.undo(revert(bad), seen: preview.tag, by: ada)
        }
        #expect(try store.title("one") == "bad")
    }

    @Test("of a range is one commit, and of no way forward is refused")
    func range() async throws {
        let start = try #require(store.index.committed.commit)
        for number in 0..<5 { try await store.put("n\(number)", ["title": "new"]) }
        let end = try #require(store.index.committed.commit)
        try await store.put("later", ["title": "stays"])
        let before = try registry.commits
        let request = UndoRequest(.revertRange(from: "\(start)", to: "\(end)"))
        #expect(try await store.preview(of: request).commitCount == 5)
        _ = try await store.undo(request, by: ada)
        #expect(try registry.commits == before + 1)
        #expect(try trailer("Reverts") == "\(start)..\(end)")
        #expect(try store.title("n3") == nil)
        #expect(try store.title("later") == "stays")
        await #expect(throws: RegistryError.self) {
            try await store.preview(of: UndoRequest(.revertRange(from: "\(end)", to: "\(start)")))
        }
    }

    @Test("of a merge takes back what it brought")
    func merge() async throws {
        let made = try registry.commitElsewhere([
            (Sample.path("two"), Sample.text(["title": "two"]))
        ])
        var way = TakenIn(author: ada, subject: "merge")
        way.alwaysMerges = true
        try await store.put("three", ["title": "three"])
        _ = try await store.takeIn(made, as: way)
        let done = try await store.undo(revert(store.index.committed.commit), by: ada)
        #expect(done.preview.notes.count == 1)
        #expect(try store.title("two") == nil)
        #expect(try store.title("three") == "three")
    }

    @Test("of 100 documents in one commit is one commit")
    func hundred() async throws {
        let documents = try (0..<100).map { try Sample.dashboard("n\($0)", ["title": "old"]) }
        let change = try documents.map { document in
            try Sample.dashboard(document.key.id.text, ["title": "moved"])
        }
        for set in [documents, change] {
            _ = try await store.submit(
                Transaction<Void>(author: ada) { _ throws(RegistryError) in
                    Edit(set.map { .put($0) }, subject: "many", answer: ())
                })
        }
        let preview = try await store.preview(of: revert(store.index.committed.commit))
        #expect(preview.effect.paths.count == 100)
        let before = try registry.commits
        _ = try await store.undo(preview.request, seen: preview.tag, by: ada)
        #expect(try registry.commits == before + 1)
        #expect(try store.title("n99") == "old")
        await store.close()
        try registry.judge()
    }

    @Test("of the first commit, of an unknown one and of another branch's is refused")
    func refused() async throws {
        let first = try registry.git("rev-list", "--max-parents=0", "HEAD")
        let other = try registry.commitElsewhere([("note", "x")])
        try registry.git("branch", "other", "\(other)")
        for name in [first, "nobody", "other"] {
            await #expect(throws: RegistryError.self) {
                try await store.preview(of: UndoRequest(.revert(commit: name)))
            }
        }
    }

    @Test("of a change to registry.json changes the settings back")
    func settings() async throws {
        var settings = RegistrySettings()
        settings.fanOut["grafana_dashboards"] = 1
        let file = String(decoding: settings.canonicalBytes(), as: UTF8.self)
        let made = try registry.commitElsewhere([("registry.json", file)])
        _ = try await store.takeIn(made, as: TakenIn(author: ada, subject: "merge"))
        #expect(store.index.committed.settings.fanOut["grafana_dashboards"] == 1)
        let preview = try await store.preview(of: revert(made))
        #expect(preview.effect.paths == ["registry.json"])
        _ = try await store.undo(revert(made), by: ada)
        #expect(store.index.committed.settings.fanOut.isEmpty)
    }

    @Test("leaves an uncommitted edit alone")
    func edited() async throws {
        let bad = try await store.put("one", ["title": "bad", "tags": []]).commit
        try registry.write(Sample.path("one"), Sample.text(["title": "by hand", "tags": []]))
        await store.scanWorkingTree()
        let edited = RegistryError.uncommittedEdit(path: Sample.path("one"))
        await #expect(throws: edited) {
            try await store.undo(revert(bad), by: ada)
        }
    }

    @Test("restores an old version, and says where there was none")
    func restoreVersion() async throws {
        let old = store.index.committed.commit
        try await store.put("one", ["title": "new"])
        let first = try #require(
            Revision(hex: registry.git("rev-list", "--max-parents=0", "HEAD")))
        let key = try Sample.key("one")
        await #expect(throws: RegistryError.noVersion(key, at: "\(first)")) {
            try await store.preview(of: restore("one", at: first))
        }
        await #expect(throws: RegistryError.self) {
            try await store.preview(of: restore("one", at: nil))
        }
        _ = try await store.undo(restore("one", at: old), by: ada)
        #expect(try store.title("one") == "old")
        #expect(try trailer("Restored-From") == old?.description)
        #expect(try await store.undo(restore("one", at: old), by: ada).commit == nil)
    }

    @Test("brings a deleted document back as it was last, and knows no other")
    func undelete() async throws {
        try await store.put("one", ["title": "last"])
        try await store.remove("one")
        try await store.put("two", ["title": "after"])
        _ = try await store.undo(restore("one", at: nil), by: ada)
        #expect(try store.title("one") == "last")
        let never = try Sample.key("never")
        await #expect(throws: RegistryError.unknown(never)) {
            try await store.preview(of: restore("never", at: nil))
        }
    }

    @Test("offers what a device needs and what belongs to it, and brings it all back if told so")
    func needed() async throws {
        let device = DocumentKey(.devices, try #require(DocumentID("robot-1")))
        let text = """
            {"uid": "robot-1", "creation_date": "2026-01-31T12:00:00.000000Z",
             "address": "10.0.0.1", "public_ssh_key": "", "grafana_dashboards": ["one"]}
            """
        let document = try PreparedDocument(device, bytes: Array(text.utf8))
        for change in [Change.put(document), .remove(device)] {
            _ = try await store.submit(
                Transaction<Void>(author: ada) { _ throws(RegistryError) in
                    Edit([change], subject: "\(device)", answer: ())
                })
        }
        try await store.remove("one")
        var request = UndoRequest(.restore(device, at: nil))
        let alone = try await store.preview(of: request)
        #expect(!alone.isPossible)
        #expect(alone.effect.problems.map(\.rule) == [.reference])
        #expect(try alone.needed.map(\.key) == [Sample.key("one")])
        await #expect(throws: RegistryError.self) { try await store.undo(request, by: ada) }
        request.takesNeeded = true
        let whole = try await store.preview(of: request)
        #expect(whole.isPossible)
        _ = try await store.undo(request, seen: whole.tag, by: ada)
        #expect(store.index.committed[device] != nil)
        #expect(try store.title("one") == "old")
        await store.close()
        try registry.judge()
    }
}
