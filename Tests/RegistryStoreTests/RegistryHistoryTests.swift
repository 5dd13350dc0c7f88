import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Asking the history")
struct RegistryHistoryTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("a field is blamed on the commit beside the line that set it, through the merge")
    func blame() async throws {
        let store = try await registry.open()
        let path = Sample.path("d1")
        try await store.put("d1", ["title": "One", "version": 1, "style": "dark"])
        await store.close()
        let base = try registry.git("rev-parse", "HEAD")
        try registry.git("checkout", "-q", "-b", "side")
        try registry.write(path, Sample.text(["title": "Side", "version": 1, "style": "dark"]))
        try registry.git("commit", "-qam", "beside")
        try registry.git("checkout", "-q", "main")
        try registry.write(path, Sample.text(["title": "One", "version": 2, "style": "dark"]))
        try registry.git("commit", "-qam", "on main")
        try registry.git("merge", "-q", "--no-commit", "-s", "ours", "side")
        try registry.write(path, Sample.text(["title": "Side", "version": 2, "style": "light"]))
        try registry.git("commit", "-qam", "merge")
        // Without a server and its index, then with both.
        let history = try RegistryHistory(of: registry.path)
        try await check(history, base)
        let again = try await registry.open()
        try await whileRunning(again) {
            try await eventually { again.status.history.isComplete }
            try await check(again.history, base)
        }
    }

    private func check(_ history: RegistryHistory, _ base: String) async throws {
        let found = try await history.blame(try Sample.key("d1"))
        var subjects: [String: String] = [:]
        for (part, commit) in found.parts {
            guard case .field(let pointer, _) = part, let commit else { continue }
            subjects[pointer.description] = found.commits[commit].subject
        }
        #expect(found.isComplete)
        #expect(subjects == ["/title": "beside", "/version": "on main", "/style": "merge"])
        let older = try await history.blame(
            try Sample.key("d1"), at: Revision(hex: base))
        #expect(older.commits.map(\.subject) == ["grafana_dashboards/d1: put"])
        await #expect(throws: RegistryError.unknown(try Sample.key("nobody"))) {
            try await history.blame(try Sample.key("nobody"))
        }
    }

    @Test("two states are compared page by page")
    func comparison() async throws {
        let store = try await registry.open()
        for uid in ["a", "b", "c"] { try await store.put(uid, ["title": .text(uid)]) }
        let before = try #require(store.index.committed.commit)
        try await store.remove("a")
        try await store.put("b", ["title": "B"])
        try await store.put("d", ["title": "d"])
        var query = ComparisonQuery(from: "\(before)", limit: 2)
        let first = try await store.history.compare(query)
        #expect(first.changes.map(\.path) == ["a", "b"].map(Sample.path))
        #expect(first.changes.map(\.kind) == [.removed, .changed])
        #expect(first.differences[1].fields.map(\.name) == ["title"])
        #expect(first.counts == [.removed: 1, .changed: 1, .added: 1])
        query.after = first.next
        let second = try await store.history.compare(query)
        #expect(second.changes.map(\.path) == [Sample.path("d")])
        #expect(second.next == nil)
        // The other way round.
        let back = try await store.history.compare(
            ComparisonQuery(from: "HEAD", to: "\(before)"))
        #expect(back.changes.map(\.kind) == [.added, .changed, .removed])
        await #expect(throws: RegistryError.unknownRevision("nope")) {
            try await store.history.compare(ComparisonQuery(from: "nope"))
        }
    }

    @Test("a proposal is compared as it would be when it is merged now")
    func proposal() async throws {
        let store = try await registry.open()
        for uid in ["a", "b"] { try await store.put(uid, ["title": "old", "tags": []]) }
        let document = try Sample.dashboard("a", ["title": "proposed", "tags": []])
        let added = try Sample.dashboard("new", ["title": "new"])
        _ = try await store.propose(
            Transaction<Void>(author: .anonymous) { _ throws(RegistryError) in
                Edit([.put(document), .put(added)], subject: "a", answer: ())
            }, in: .new(title: nil, text: ""), owner: "ada")
        let before = try #require(store.index.committed.commit)
        // Another field of the same document, so that the merge is in neither history.
        try await store.put("a", ["title": "old", "tags": ["later"]])
        try await store.put("b", ["title": "later", "tags": []])
        let found = try await store.history.compare(
            ComparisonQuery(from: "HEAD", to: "proposal:1"))
        #expect(found.changes.map(\.path) == ["a", "new"].map(Sample.path))
        #expect(found.differences.first?.fields.map(\.name) == ["title"])
        let back = try await store.history.compare(
            ComparisonQuery(from: "proposal:1", to: "HEAD"))
        #expect(back.changes.map(\.kind) == [.changed, .removed])
        let all = try await store.history.compare(
            ComparisonQuery(from: "\(before)", to: "proposal:1"))
        #expect(all.changes.map(\.path) == ["a", "b", "new"].map(Sample.path))
        #expect(Set(all.differences.first?.fields.map(\.name) ?? []) == ["title", "tags/0"])
        await #expect(throws: RegistryError.unknownRevision("proposal:2")) {
            try await store.history.compare(ComparisonQuery(from: "proposal:2"))
        }
    }

    @Test("commits are counted by day and by author")
    func activity() async throws {
        for (seconds, name) in [(864_000_010, "a"), (864_086_399, "b"), (864_086_400, "c")] {
            try registry.write("\(name).txt", name)
            try registry.git("add", "-A")
            try registry.git(asOf: seconds, "commit", "-qm", name)
        }
        let store = try await registry.open()
        try await whileRunning(store) {
            try await eventually { store.status.history.isComplete }
            let end = Timestamp(microseconds: 864_086_400 * 1_000_000)
            let found = try await store.activity(days: 3, until: end)
            #expect(found.days.map(\.commits) == [0, 2, 1])
            #expect(found.days.first?.date.description == "1997-05-18T00:00:00.000000Z")
            #expect(found.people.map(\.author.name) == ["Ada"])
            #expect(found.people.map(\.commits) == [3])
        }
    }
}
