import Foundation
import JSON
import Logging
import Registry
import Testing

@testable import RegistryStore

@Suite("Purge")
struct PurgeTests {
    let registry: ScratchRegistry
    private let secret = "hunter2/\u{e9}t\u{e9}"
    private let ada = Author(name: "Ada Lovelace", email: "ada@example.org")

    init() throws { registry = try ScratchRegistry() }

    private var options: StoreOptions {
        StoreOptions(repository: registry.path, executablePath: "/bin/true")
    }

    private func purge(_ request: PurgeRequest, isTrial: Bool = false) async throws -> PurgeReport {
        try await RegistryStore.purge(
            request, in: options, isTrial: isTrial,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func write(
        _ store: RegistryStore, _ uid: String, _ title: String, by author: Author = .anonymous,
        body: String? = nil
    ) async throws -> Revision {
        let document = try Sample.dashboard(uid, ["title": .text(title)])
        let done = try await store.submit(
            Transaction<Void>(author: author, body: body) { _ throws(RegistryError) in
                Edit([.put(document)], subject: "\(document.key): put", answer: ())
            })
        return try #require(done.commit)
    }

    /// A history with the secret in a file, a message, a tag, a proposal and an identity.
    private func makeHistory() async throws -> (clean: Revision, leak: Revision, last: Revision) {
        let store = try await registry.open()
        let clean = try await write(store, "one", "first")
        let leak = try await write(
            store, "one", "the password is \(secret)", by: ada, body: "Now with \(secret).")
        _ = try await store.undo(UndoRequest(.revert(commit: "\(leak)")), by: ada)
        let document = try Sample.dashboard("two", ["title": .text("see \(secret)")])
        _ = try await store.propose(
            Transaction<Void>(author: ada) { _ throws(RegistryError) in
                Edit([.put(document)], subject: "two", answer: ())
            }, in: .new(title: "About \(secret)", text: "by Ada Lovelace"), owner: ada.email)
        let last = try await write(store, "three", "third")
        await store.close()
        try registry.git("tag", "-a", "-m", "with \(secret)", "leaky", "\(leak)")
        try registry.git("branch", "old", "\(leak)")
        return (clean, leak, last)
    }

    /// Everything that git has, as text; trees too.
    private var everything: String {
        get throws {
            var text = try registry.git("for-each-ref") + registry.git("log", "-g", "--all")
            let list = try registry.git(
                "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
            for line in list.split(separator: "\n") {
                let id = String(line.prefix(40))
                text += try registry.git("cat-file", "-p", id) + "\n"
            }
            return text
        }
    }

    private func expectGone(_ words: [String]) throws {
        let text = try everything
        for word in words { #expect(!text.contains(word), "\(word)") }
    }

    @Test("of a text leaves it nowhere, and what was before as it was")
    func text() async throws {
        let (clean, leak, last) = try await makeHistory()
        #expect(try everything.contains(secret))
        let request = PurgeRequest(texts: [secret])
        let trial = try await purge(request, isTrial: true)
        #expect(trial.generation == nil && trial.changedCommits > 2)
        #expect(try everything.contains(secret))
        let report = try await purge(request)
        #expect(report.changedCommits == trial.changedCommits)
        try expectGone([secret, "hunter2", "\(leak)", "\(last)"])
        #expect(try registry.git("cat-file", "-t", "\(clean)") == "commit")
        try registry.judge()
        let store = try await registry.open()
        #expect(store.generation == report.generation)
        #expect(store.proposals.map(\.title) == ["About REMOVED"])
        #expect(try await store.review(of: 1).isMergeable)
        let new = try #require(store.renewals.new(of: .init(leak)))
        let trailers = try registry.git("log", "--format=%(trailers:key=Reverts,valueonly)")
        #expect(trailers.contains("\(new)"))
        #expect(try await store.events(.after(leak), limit: 10).count == 2)
        #expect(try await store.put("one", ["title": "goes on"]).isNewCommit)
        await store.close()
        try registry.judge()
    }

    @Test("leaves the ids of before as names of what the commits became")
    func oldNames() async throws {
        let (clean, leak, _) = try await makeHistory()
        _ = try await purge(PurgeRequest(texts: [secret]))
        let store = try await registry.open()
        let new = try #require(store.renewals.new(of: .init(leak)))
        for name in ["\(leak)", String("\(leak)".prefix(10)), "\(new)"] {
            #expect(try await store.snapshot(at: name).commit == Revision(new), "\(name)")
            #expect(try await store.history.commit(named: name) == Revision(new))
        }
        #expect(try await store.snapshot(at: "\(clean)").commit == clean)
        await #expect(throws: RegistryError.self) {
            try await store.snapshot(at: String(repeating: "f", count: 40))
        }
        await store.close()
    }

    @Test("of a person puts another in every place")
    func person() async throws {
        _ = try await makeHistory()
        let nobody = Author(name: "Somebody", email: "nobody@example.org")
        let request = PurgeRequest(people: [
            .init(name: ada.name, email: ada.email, replacement: nobody)
        ])
        _ = try await purge(request)
        try expectGone(["ada@example.org", "Ada Lovelace"])
        #expect(
            try registry.git("log", "--format=%an <%ae>").contains("Somebody <nobody@example.org>"))
        try registry.judge()
    }

    @Test("of a document takes its file out of every commit")
    func document() async throws {
        _ = try await makeHistory()
        _ = try await purge(PurgeRequest(documents: [try Sample.key("one")]))
        #expect(try registry.git("log", "--all", "--format=%h", "--", Sample.path("one")).isEmpty)
        #expect(registry.read(Sample.path("one")) == nil)
        #expect(registry.read(Sample.path("three")) != nil)
        try registry.judge()
        let store = try await registry.open()
        #expect(try store.title("one") == nil && store.title("three") == "third")
        await store.close()
    }

    @Test("of what is nowhere changes nothing")
    func nothing() async throws {
        _ = try await makeHistory()
        let before = try registry.git("for-each-ref")
        let report = try await purge(PurgeRequest(texts: ["never seen"]))
        #expect(report.isEmpty && report.generation == nil)
        #expect(try registry.git("for-each-ref") == before)
    }

    @Test("that is cut off after any step is ended by the next start", arguments: 0...7)
    func cutOff(steps: Int) async throws {
        let (_, _, last) = try await makeHistory()
        let places = try RegistryStore.places(options)
        let rules = try PurgeRules(PurgeRequest(texts: [secret]))
        _ = try await HistoryPurge(rules, places) { _ in }.prepare()
        _ = try PurgeSwitch(places)?.finish(steps: steps)
        let store = try await registry.open()
        #expect(store.generation != "1")
        #expect(try store.title("three") == "third")
        #expect(store.index.committed.commit != last)
        await store.close()
        try expectGone([secret])
        try registry.judge()
    }

    @Test("that is cut off before it is decided leaves all as it was")
    func undecided() async throws {
        let (_, _, last) = try await makeHistory()
        let places = try RegistryStore.places(options)
        let rules = try PurgeRules(PurgeRequest(texts: [secret]))
        _ = try await HistoryPurge(rules, places) { _ in }.prepare()
        try FileManager.default.removeItem(atPath: PurgePlaces(store: places).plan)
        let store = try await registry.open()
        #expect(store.generation == "1")
        #expect(store.index.committed.commit == last)
        await store.close()
        #expect(try everything.contains(secret))
        #expect(!FileManager.default.fileExists(atPath: PurgePlaces(store: places).folder))
        try registry.judge()
    }

    @Test("is refused where something would be lost or not be valid, and says what to do")
    func refused() async throws {
        _ = try await makeHistory()
        try registry.write(Sample.path("one"), Sample.text(["title": "an edit"]))
        await #expect(throws: PurgeError.self) { try await purge(PurgeRequest(texts: [secret])) }
        try registry.git("stash")
        await #expect(throws: PurgeError.self) { try await purge(PurgeRequest(texts: [secret])) }
        try registry.git("stash", "drop")
        for request in [
            PurgeRequest(), PurgeRequest(texts: ["abc"]),
            PurgeRequest(texts: [secret], replacement: "\"x\""),
            PurgeRequest(texts: ["REMOVED"]), PurgeRequest(texts: ["registry.json"]),
        ] {
            await #expect(throws: (any Error).self) { try await purge(request) }
        }
        #expect(try everything.contains(secret))
        try registry.judge()
    }

    @Test("keeps old clones from bringing it back")
    func oldClone() async throws {
        let (_, leak, _) = try await makeHistory()
        let clone = try ScratchRegistry(cloning: registry)
        _ = try await purge(PurgeRequest(texts: [secret]))
        try registry.git("fetch", "--quiet", clone.path, "main")
        let store = try await registry.open()
        let old = try #require(Revision(hex: clone.git("rev-parse", "HEAD")))
        await #expect(throws: RegistryError.purged(commit: "\(old)")) {
            try await store.takeIn(old, as: TakenIn(author: ada, subject: "merge"))
        }
        #expect(store.renewals.new(of: .init(leak)) != nil)
        await store.close()
    }

    @Test("of a key of many lines finds it as JSON and YAML write it")
    func manyLines() {
        var text = TextReplacement()
        text.add("line one of a key\nline two of a key", by: "REMOVED")
        for spelling in [
            "line one of a key\nline two of a key", "line one of a key\\nline two of a key",
            "  line two of a key",
        ] { #expect(text.isIn(Array(spelling.utf8)), "\(spelling)") }
        var accent = TextReplacement()
        accent.add("p\u{e9}/x\"y", by: "-")
        for spelling in ["p\u{e9}/x\"y", "p\\u00e9/x\\\"y", "p\\u00E9\\/x\\\"y"] {
            #expect(
                accent.replaced(Array("a\(spelling)b".utf8)) == Array("a-b".utf8), "\(spelling)")
        }
    }
}
