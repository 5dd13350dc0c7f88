import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Committing")
struct CommittingTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("a write is one commit, one file, and served")
    func oneWrite() async throws {
        let store = try await registry.open()
        let done = try await store.put("d1", ["title": "One"])
        #expect(done.isNewCommit)
        #expect(try registry.git("rev-parse", "HEAD") == done.commit?.description)
        #expect(registry.read(Sample.path("d1")) == Sample.text(["title": "One"]))
        #expect(try store.title("d1") == "One")
        #expect(
            try registry.git("log", "-1", "--format=%an %s")
                == "anonymous grafana_dashboards/d1: put")
        await store.close()
        try registry.judge()
    }

    @Test("a write that changes nothing makes no commit")
    func noChange() async throws {
        let store = try await registry.open()
        let first = try await store.put("d1", ["title": "One"])
        let second = try await store.put("d1", ["title": "One"])
        #expect(!second.isNewCommit)
        #expect(second.commit == first.commit)
        #expect(try registry.commits == 2)
    }

    @Test("removing the last document of a folder removes the folder")
    func removing() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try await store.remove("d1")
        #expect(registry.read(Sample.path("d1")) == nil)
        #expect(try store.title("d1") == nil)
        await store.close()
        try registry.judge()
        #expect(try registry.git("ls-tree", "-r", "--name-only", "HEAD") == "registry.json")
    }

    @Test("of 200 at once that create one document, one wins, with one commit")
    func race() async throws {
        let store = try await registry.open()
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    do {
                        _ = try await store.create("same")
                        return true
                    } catch RegistryError.exists {
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try registry.commits == 2)
    }

    @Test("writes at the same time share flushes, and each is its own commit")
    func groupCommit() async throws {
        let store = try await registry.open()
        try await withThrowingTaskGroup { group in
            for number in 0..<300 {
                group.addTask { _ = try await store.put("d\(number)", ["title": "x"]) }
            }
            try await group.waitForAll()
        }
        #expect(try registry.commits == 301)
        #expect(store.statistics.flushSeconds.count < 300)
        #expect(store.statistics.commits == 300)
        await store.close()
        try registry.judge()
    }

    @Test("a transaction that throws fails alone")
    func failing() async throws {
        let store = try await registry.open()
        let key = try Sample.key("d1")
        await #expect(throws: RegistryError.unknown(key)) {
            _ = try await store.submit(
                Transaction(author: .anonymous) { _ throws(RegistryError) -> Edit<Int> in
                    throw .unknown(key)
                })
        }
        #expect(try registry.commits == 1)
    }

    @Test("body and trailers follow the subject; a body cannot forge a trailer")
    func message() async throws {
        let store = try await registry.open()
        let document = try Sample.dashboard("d1", [:])
        _ = try await store.submit(
            Transaction(
                author: Author(name: "Eve <x>", email: "eve@muster.invalid"),
                body: "why\n\nRequest-Id: forged", trailers: [Trailer("Request-Id", "r1")]
            ) { _ throws(RegistryError) in
                Edit([.put(document)], subject: "d1: put", answer: 0)
            })
        let trailers = try registry.git("log", "-1", "--format=%(trailers)")
        #expect(trailers == "Request-Id: r1")
        #expect(try registry.git("log", "-1", "--format=%an") == "Eve _x_")
    }

    @Test("a read-only server refuses")
    func readOnly() async throws {
        let store = try await registry.open(readOnly: true)
        await #expect(throws: RegistryError.self) { try await store.put("d1", [:]) }
        #expect(try registry.commits == 1)
    }

    @Test("a second server is refused and told who has the registry")
    func secondServer() async throws {
        let store = try await registry.open()
        store.announce("http://127.0.0.1:9")
        let path = registry.path
        await #expect(throws: StoreOpeningError.locked(path: path, owner: "http://127.0.0.1:9")) {
            _ = try await registry.openNow(
                StoreOptions(repository: path, executablePath: "/bin/true"))
        }
        _ = store.status
    }

    @Test("a held branch lock answers busy, and nothing has happened")
    func heldLock() async throws {
        let store = try await registry.open()
        try registry.write(".git/refs/heads/main.lock", "")
        await #expect(
            throws: RegistryError.busy(
                reason: "refs/heads/main.lock is held by another git process")
        ) { try await store.put("d1", [:]) }
        #expect(registry.read(Sample.path("d1")) == nil)
        #expect(try store.title("d1") == nil)
    }

    @Test("a held index lock delays git's index, not the write")
    func heldIndexLock() async throws {
        let store = try await registry.open()
        try registry.write(".git/index.lock", "")
        try await whileRunning(store) {
            try await store.put("d1", ["title": "One"])
            try await Task.sleep(for: .milliseconds(400))
            #expect(store.status.isIndexBehind)
            try registry.removeFile(".git/index.lock")
            try await eventually { !store.status.isIndexBehind }
            try registry.judge()
        }
    }
}
