import Foundation
import Git
import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("The index of the history")
struct HistoryIndexTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    /// Waits until the index has everything, and runs `body` with the store at work.
    private func indexed(
        _ store: RegistryStore, _ body: (RegistryStore) async throws -> Void
    ) async throws {
        try await whileRunning(store) {
            try await eventually { isCurrent(store) }
            try await body(store)
        }
    }

    /// Whether the index has the served commit.
    private func isCurrent(_ store: RegistryStore) -> Bool {
        guard let tip = store.index.committed.commit else { return false }
        return store.status.history.isComplete
            && (try? store.historyIndex.isOnLine(ObjectID(tip))) == true
    }

    private func subjects(_ page: HistoryPage) -> [String] { page.steps.map(\.entry.subject) }

    @Test("has each commit once, and says the same as a walk")
    func everything() async throws {
        let store = try await registry.open()
        for number in 1...5 { try await store.put("d\(number % 2)", ["title": .text("\(number)")]) }
        let walked = try await store.history.page(HistoryQuery(limit: 100))
        #expect(walked.steps.count == 6)
        try await indexed(store) { store in
            let found = try await store.history.page(HistoryQuery(limit: 100))
            #expect(found == walked)
            #expect(found.isComplete)
            #expect(store.status.history.indexed == 6)
        }
    }

    @Test("gives pages that neither skip nor repeat while commits come")
    func pages() async throws {
        let store = try await registry.open()
        for number in 1...9 { try await store.put("d1", ["title": .text("\(number)")]) }
        let all = try registry.git("rev-list", "HEAD").split(separator: "\n").map(String.init)
        for isIndexed in [false, true] {
            let body = { (store: RegistryStore) in
                var found: [String] = []
                var query = HistoryQuery(limit: 3)
                while true {
                    let page = try await store.history.page(query)
                    found += page.steps.map(\.entry.revision.description)
                    try await store.put("other", ["title": .text("\(UUID())")])
                    guard let next = page.next else { break }
                    query.after = next
                }
                #expect(found.filter(all.contains) == all)
                #expect(Set(found).count == found.count)
            }
            if isIndexed { try await indexed(store, body) } else { try await body(store) }
        }
    }

    @Test("answers by author, whole or in part, and by collection")
    func filters() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try registry.write(Sample.path("d1"), Sample.text(["title": "Hand"]))
        try registry.git("add", "-A")
        try registry.git("commit", "-qm", "by hand")
        try registry.write("README.md", "Hello\n")
        try registry.git("add", "-A")
        try registry.git("commit", "-qm", "a word")
        await store.lookAround()
        let check = { (store: RegistryStore) in
            for text in ["Ada", "ada@example.org", "EXAMPLE"] {
                var query = HistoryQuery(limit: 10)
                query.author = text
                #expect(try await subjects(store.history.page(query)) == ["a word", "by hand"])
                query.subject = .collection(.grafanaDashboards)
                #expect(try await subjects(store.history.page(query)) == ["by hand"])
                query.subject = .document(try Sample.key("d1"))
                #expect(try await subjects(store.history.page(query)) == ["by hand"])
            }
            var query = HistoryQuery(.file("README.md"), limit: 10)
            #expect(try await subjects(store.history.page(query)) == ["a word"])
            query.subject = .collection(.devices)
            #expect(try await store.history.page(query).steps.isEmpty)
            query = HistoryQuery(limit: 10)
            query.author = "nobody at all"
            #expect(try await store.history.page(query).steps.isEmpty)
        }
        try await check(store)
        try await indexed(store, check)
    }

    @Test("follows a document through renames, and one that was deleted and came again")
    func renames() async throws {
        let store = try await registry.open()
        let members: JSONObject = ["title": "Pump", "panels": [], "version": 7]
        try await store.put("old", members)
        let document = try Sample.dashboard("new", members)
        let old = try Sample.key("old")
        _ = try await store.submit(
            Transaction(author: .anonymous) { _ throws(RegistryError) in
                Edit([.remove(old), .put(document)], subject: "rename", answer: ())
            })
        try await store.put("new", ["title": "Pump 2", "panels": [], "version": 7])
        try await store.remove("new")
        try await store.put("new", ["title": "Again"])
        try await store.put("old", ["title": "Another"])
        let check = { (store: RegistryStore) in
            let page = try await store.history.page(
                HistoryQuery(.document(try Sample.key("new")), limit: 10))
            #expect(
                page.steps.map { $0.changes.map(\.kind) }
                    == [[.added], [.removed], [.changed], [.renamed], [.added]])
            #expect(page.steps[3].changes.first?.other == old)
            #expect(page.steps.last?.entry.subject == "grafana_dashboards/old: put")
            let olds = try await store.history.page(HistoryQuery(.document(old), limit: 10))
            #expect(
                olds.steps.map { $0.changes.map(\.kind) } == [[.added], [.renamedAway], [.added]])
            var query = HistoryQuery(.document(try Sample.key("new")), limit: 2)
            var walked: [HistoryStep] = []
            while true {
                let page = try await store.history.page(query)
                walked += page.steps
                guard let next = page.next else { break }
                query.after = next
            }
            #expect(walked == page.steps)
        }
        try await check(store)
        try await indexed(store, check)
    }

    @Test("is brought after merges, also one that has the served line as its second parent")
    func merges() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try await indexed(store) { store in
            try registry.git("checkout", "-q", "-b", "side", "HEAD")
            try registry.write(Sample.path("d2"), Sample.text(["title": "Side"]))
            try registry.git("add", "-A")
            try registry.git("commit", "-qm", "beside")
            try registry.git("checkout", "-q", "main")
            try registry.write(Sample.path("d3"), Sample.text(["title": "Main"]))
            try registry.git("add", "-A")
            try registry.git("commit", "-qm", "on main")
            try await eventually { isCurrent(store) && store.status.history.indexed == 3 }
            // The other way round: what was served is merged into the side.
            try registry.git("checkout", "-q", "side")
            try registry.git("merge", "-q", "--no-ff", "-m", "merge", "main")
            let merge = try registry.git("rev-parse", "HEAD")
            try registry.git("update-ref", "refs/heads/main", merge)
            try registry.git("checkout", "-q", "main")
            try await eventually {
                store.index.committed.commit?.description == merge && isCurrent(store)
            }
            #expect(store.status.history.indexed == 5)
            let line = try registry.git("rev-list", "--first-parent", "--reverse", "HEAD")
            #expect(
                try await store.line(after: nil, limit: 10)?.map(\.description)
                    .joined(separator: "\n") == line)
            for uid in ["d1", "d2", "d3"] {
                let expected = try registry.git("log", "--format=%H", "--", Sample.path(uid))
                let found = try await store.history(of: Sample.path(uid), limit: 10)
                #expect(found.map(\.revision.description).joined(separator: "\n") == expected)
            }
            let beside = try #require(
                Revision(hex: registry.git("rev-parse", ":/on main")))
            #expect(try await store.lineCommit(containing: beside)?.description == merge)
        }
    }

    @Test("that is damaged, or of another version, is made anew")
    func damage() async throws {
        let file = "\(registry.path)/.git/muster/history.sqlite"
        for damage in 0..<3 {
            let store = try await registry.open()
            try await store.put("d1", ["title": .text("\(damage)")])
            try await indexed(store) { store in
                #expect(store.status.history.indexed == damage + 2)
                let found = try await store.history(of: Sample.path("d1"), limit: 10)
                #expect(found.count == damage + 1)
            }
            await store.close()
            switch damage {
            case 0: try Data("no database".utf8).write(to: URL(fileURLWithPath: file))
            case 1: try FileManager.default.removeItem(atPath: file)
            default: break
            }
        }
    }

    @Test("tells what was served at a time, also where a clock went wrong for a while")
    func times() async throws {
        for (subject, seconds) in [
            ("one", 1_000_000_100), ("two", 1_000_000_200), ("ahead", 1_900_000_000),
            ("three", 1_000_000_300), ("four", 1_000_000_300),
        ] {
            try registry.write("README.md", subject)
            try registry.git("add", "-A")
            try registry.git(asOf: seconds, "commit", "-qm", subject)
        }
        let store = try await registry.open()
        try await indexed(store) { store in
            for (seconds, expected) in [
                (1_000_000_100, "one"), (1_000_000_150, "one"), (1_000_000_299, "two"),
                (1_000_000_300, "four"), (1_500_000_000, "four"),
            ] {
                let time = Timestamp(microseconds: Int64(seconds) * 1_000_000)
                let commit = try #require(try await store.snapshot(at: "\(time)").commit)
                let subject = try registry.git("log", "-1", "--format=%s", commit.description)
                #expect(subject == expected)
            }
            await #expect(throws: RegistryError.self) {
                try await store.snapshot(at: "2001-09-09T00:00:00Z")
            }
            var query = HistoryQuery(limit: 10)
            query.since = Timestamp(microseconds: 1_000_000_200 * 1_000_000)
            query.until = Timestamp(microseconds: 1_000_000_299 * 1_000_000)
            #expect(try await subjects(store.history.page(query)) == ["two"])
        }
    }
}
