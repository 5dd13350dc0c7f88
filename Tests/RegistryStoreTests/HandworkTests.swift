import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("What people do beside the server")
struct HandworkTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("a saved edit is served, marked, and no write goes over it")
    func uncommittedEdit() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try registry.write(Sample.path("d1"), Sample.text(["title": "Edited"]))
            try await eventually { try store.title("d1") == "Edited" }
            #expect(store.status.uncommittedEdits.map(\.path) == [Sample.path("d1")])
            await #expect(throws: RegistryError.uncommittedEdit(path: Sample.path("d1"))) {
                try await store.put("d1", ["title": "Two"])
            }
            #expect(registry.read(Sample.path("d1")) == Sample.text(["title": "Edited"]))
            try registry.git("checkout", "--", Sample.path("d1"))
            try await eventually { try store.title("d1") == "One" }
            try await eventually { store.status.uncommittedEdits.isEmpty }
        }
    }

    @Test("an invalid edit is reported and the last good version served")
    func invalidEdit() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try registry.write(Sample.path("d1"), "{ broken")
            try await eventually { !store.status.uncommittedEdits.isEmpty }
            #expect(try store.title("d1") == "One")
            #expect(store.status.uncommittedEdits.first?.isServed == false)
        }
    }

    @Test("a new file that nobody committed is served, and a removed one is not")
    func newAndRemoved() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try registry.removeFile(Sample.path("d1"))
            try registry.write(Sample.path("d2"), Sample.text(["title": "New"]))
            try await eventually { try store.title("d1") == nil }
            try await eventually { try store.title("d2") == "New" }
            await #expect(throws: RegistryError.uncommittedEdit(path: Sample.path("d2"))) {
                try await store.put("d2", [:])
            }
        }
    }

    @Test("an edit that was there before the start is served")
    func editBeforeStart() async throws {
        var store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        await store.close()
        try registry.write(Sample.path("d1"), Sample.text(["title": "Edited"]))
        store = try await registry.open()
        #expect(try store.title("d1") == "Edited")
        #expect(registry.read(Sample.path("d1")) == Sample.text(["title": "Edited"]))
    }

    @Test("with --committed-only the edit is not served")
    func committedOnly() async throws {
        try registry.write(Sample.path("d1"), Sample.text(["title": "New"]))
        let store = try await registry.open(committedOnly: true)
        #expect(try store.title("d1") == nil)
    }

    @Test("a commit made by hand is served within a second")
    func handCommit() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try registry.write(Sample.path("d1"), Sample.text(["title": "Hand"]))
            try registry.git("add", ".")
            try registry.git("commit", "-qm", "by hand")
            let head = try registry.git("rev-parse", "HEAD")
            try await eventually { store.index.committed.commit?.description == head }
            #expect(try store.title("d1") == "Hand")
            try await eventually { store.status.uncommittedEdits.isEmpty }
            try await store.put("d1", ["title": "API"])
            try await eventually { !store.status.isIndexBehind }
            try registry.judge()
        }
    }

    @Test("a commit from an old index takes nothing back")
    func staleIndex() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        await store.bringIndexForward()
        // No background work: the index stays where it is now.
        try await store.put("d1", ["title": "Two"])
        try await store.put("d2", ["title": "Two"])
        try registry.write(Sample.path("hand"), Sample.text(["title": "Hand"]))
        try registry.git("add", Sample.path("hand"))
        try registry.git("commit", "-qm", "by hand")
        try await store.put("d3", ["title": "Three"])
        #expect(try store.title("d1") == "Two")
        #expect(try store.title("d2") == "Two")
        #expect(try store.title("hand") == "Hand")
        await store.close()
        try registry.judge()
        #expect(try registry.git("log", "--format=%s").contains("by hand"))
    }

    @Test("an amended commit is merged and its tip is kept")
    func amended() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try registry.write(Sample.path("d1"), Sample.text(["title": "Hand"]))
            try registry.git("add", ".")
            try registry.git("commit", "-qm", "by hand")
            let head = try registry.git("rev-parse", "HEAD")
            try await eventually { store.index.committed.commit?.description == head }
            let before = store.index.committed.commit
            try registry.write(Sample.path("d1"), Sample.text(["title": "Amended"]))
            try registry.git("commit", "-qa", "--amend", "-m", "by hand, better")
            try await eventually { store.index.committed.commit != before }
            try await eventually { store.status.rewoundTips.count == 1 }
            try await eventually { try store.title("d1") == "Amended" }
            try await eventually { !store.status.isIndexBehind }
            try registry.judge()
        }
    }

    @Test("a rewind is put back, files and all, and its tip is kept")
    func rewound() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            let done = try await store.put("d1", ["title": "Two"])
            try await eventually { !store.status.isIndexBehind }
            try registry.git("reset", "-q", "--hard", "HEAD~1")
            try await eventually {
                try registry.git("rev-parse", "HEAD") == done.commit?.description
            }
            try await eventually { store.status.rewoundTips.count == 1 }
            try await eventually { !store.status.isIndexBehind }
            #expect(registry.read(Sample.path("d1")) == Sample.text(["title": "Two"]))
            try registry.judge()
        }
    }

    @Test("a rewind with a new commit on top keeps both")
    func rewoundAndCommitted() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try await store.put("d2", ["title": "Two"])
            try await eventually { !store.status.isIndexBehind }
            try registry.git("reset", "-q", "--hard", "HEAD~1")
            try registry.write(Sample.path("hand"), Sample.text(["title": "Hand"]))
            try registry.git("add", ".")
            try registry.git("commit", "-qm", "by hand")
            try await eventually { try store.title("hand") == "Hand" }
            try await eventually { try store.title("d2") == "Two" }
            try await eventually { !store.status.isIndexBehind }
            try registry.judge()
        }
    }

    @Test("on another branch reads go on, writes name the way back")
    func switched() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try await eventually { !store.status.isIndexBehind }
            try registry.git("switch", "-qc", "other")
            try await eventually { store.status.headElsewhere == "other" }
            await #expect(throws: RegistryError.branchSwitched(head: "other", served: "main")) {
                try await store.put("d2", [:])
            }
            #expect(try store.title("d1") == "One")
            try registry.git("switch", "-q", "main")
            try await store.put("d2", ["title": "Two"])
            #expect(try store.title("d2") == "Two")
        }
    }

    @Test("what a person staged stays staged")
    func staged() async throws {
        let store = try await registry.open()
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try await eventually { !store.status.isIndexBehind }
            try registry.write("notes.txt", "mine")
            try registry.git("add", "notes.txt")
            try await store.put("d1", ["title": "Two"])
            try await eventually { !store.status.isIndexBehind }
            #expect(try registry.git("status", "--porcelain") == "A  notes.txt")
        }
    }

    @Test("a branch moved without its files brings them along")
    func movedByUpdateRef() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        await store.bringIndexForward()
        let tree = try registry.git("rev-parse", "HEAD^{tree}")
        let next = try registry.git("commit-tree", tree, "-p", "HEAD", "-m", "elsewhere")
        try registry.git("update-ref", "refs/heads/main", next)
        try await store.put("d2", ["title": "Two"])
        #expect(try registry.git("rev-parse", "HEAD~1") == next)
        await store.close()
        try registry.judge()
    }

    @Test("an invalid document that was committed leaves its last good version served")
    func invalidCommit() async throws {
        var store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        await store.bringIndexForward()
        try registry.write(Sample.path("d1"), "{ broken")
        try registry.git("commit", "-qam", "broken")
        try await store.put("d2", ["title": "Two"])
        #expect(try store.title("d1") == "One")
        #expect(store.index.current.invalidPaths.keys.contains(Sample.path("d1")))
        await store.close()
        store = try await registry.open()
        #expect(try store.title("d1") == "One")
        #expect(store.index.current.invalidPaths.keys.contains(Sample.path("d1")))
        try await store.put("d1", ["title": "Repaired"])
        #expect(store.index.current.invalidPaths.isEmpty)
        await store.close()
        try registry.judge()
    }
}
