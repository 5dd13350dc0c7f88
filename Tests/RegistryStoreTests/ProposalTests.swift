import JSON
import Registry
import RegistryStore
import Testing

@Suite("Proposals")
struct ProposalTests {
    let registry: ScratchRegistry
    let store: RegistryStore
    private let ada = Author(name: "Ada", email: "ada@example.org")
    private let bob = Author(name: "Bob", email: "bob@example.org")

    init() async throws {
        registry = try ScratchRegistry()
        store = try await registry.open()
        try await store.put("one", ["title": "old"])
    }

    /// Proposes another title of a dashboard.
    private func propose(
        _ title: String, of uid: String = "one",
        in target: ProposalTarget = .new(title: nil, text: "")
    ) async throws -> Proposal? {
        let document = try Sample.dashboard(uid, ["title": .text(title)])
        let transaction = Transaction<Void>(author: ada) { _ throws(RegistryError) in
            Edit([.put(document)], subject: "\(document.key): \(title)", answer: ())
        }
        return try await store.propose(transaction, in: target, owner: ada.email).proposal
    }

    @Test("are numbered from 1, newest first, and leave the served branch alone")
    func numbers() async throws {
        let before = store.index.committed.commit
        #expect(try await propose("first")?.number == 1)
        #expect(try await propose("second")?.number == 2)
        #expect(store.proposals.map(\.number) == [2, 1])
        #expect(
            store.proposals.map(\.title) == [
                "grafana_dashboards/one: second", "grafana_dashboards/one: first",
            ])
        #expect(store.index.committed.commit == before)
        #expect(
            try registry.git("for-each-ref", "--format=%(refname)", "refs/proposals").split(
                separator: "\n"
            ).count == 2)
    }

    @Test("that change nothing are none")
    func nothing() async throws {
        #expect(try await propose("old") == nil)
        #expect(store.proposals.isEmpty)
        let tip = try #require(store.index.committed.commit)
        await #expect(throws: RegistryError.nothingToPropose(commit: "\(tip)", branch: "main")) {
            try await store.open(tip, title: nil, owner: "x", by: ada)
        }
    }

    @Test("are built upon, and an approval counts for the head that it saw")
    func update() async throws {
        let first = try #require(try await propose("first"))
        let approved = try await store.add(.approved, to: 1, head: first.head, by: bob)
        #expect(approved.approvals.map(\.author) == [bob])
        let second = try #require(try await propose("second", of: "two", in: .existing(1)))
        #expect(second.approvals.isEmpty)
        #expect(try await store.review(of: 1).commitCount == 2)
        await #expect(throws: RegistryError.self) {
            try await store.add(.approved, to: 1, head: first.head, by: bob)
        }
    }

    @Test("show what they would do to the branch as it is now")
    func review() async throws {
        _ = try await propose("new")
        try await store.put("two", ["title": "later"])
        let review = try await store.review(of: 1)
        #expect(review.paths == [Sample.path("one")])
        #expect(review.isMergeable)
        #expect(try review.preview[Sample.key("two")] != nil)
        let old = try #require(review.changes.first?.old)
        #expect(String(decoding: old, as: UTF8.self).contains("old"))
        try await store.put("one", ["title": "ours"])
        let conflicts = try await store.review(of: 1).conflicts
        #expect(conflicts.map(\.ours) == [.text("ours")])
        #expect(conflicts.map(\.theirs) == [.text("new")])
    }

    @Test("are merged with both authors, once, and show afterwards what they did")
    func merge() async throws {
        let proposal = try #require(try await propose("new"))
        try await store.put("two", ["title": "later"])
        let merged = try await store.merge(1, head: proposal.head, message: "Fine.", by: bob)
        #expect(merged.state == .merged)
        #expect(try store.title("one") == "new")
        let people = try registry.git(
            "log", "-1", "--format=%an %(trailers:key=Co-authored-by,valueonly)")
        #expect(people == "Bob Ada <ada@example.org>")
        #expect(try await store.review(of: 1).paths == [Sample.path("one")])
        await #expect(throws: RegistryError.proposalState(1, reason: "is merged already")) {
            try await store.merge(1, by: bob)
        }
        await store.close()
        try registry.judge()
    }

    @Test("that are closed are opened again, and nothing else")
    func close() async throws {
        _ = try await propose("new")
        #expect(try await store.add(.closed, to: 1, by: bob).state == .closed)
        await #expect(throws: RegistryError.self) { try await store.merge(1, by: bob) }
        await #expect(throws: RegistryError.self) { try await propose("more", in: .existing(1)) }
        #expect(try await store.add(.commented, to: 1, text: "why?", by: ada).events.count == 3)
        #expect(try await store.add(.reopened, to: 1, by: ada).state == .open)
        await #expect(throws: RegistryError.self) {
            try await store.add(.reopened, to: 1, by: ada)
        }
    }

    @Test("come back as they were after a restart, and git shows what was said")
    func restart() async throws {
        _ = try await propose("new")
        _ = try await store.add(.commented, to: 1, text: "why <so>?\nsecond line", by: bob)
        let before = store.proposals
        await store.close()
        let again = try await registry.open()
        #expect(again.proposals == before)
        let notes = try registry.git("log", "-1", "--notes=proposals", "refs/proposals/1/head")
        #expect(notes.contains("why <so>?"))
    }

    @Test("that nobody made are unknown")
    func unknown() async throws {
        await #expect(throws: RegistryError.unknownProposal(7)) {
            try await store.review(of: 7)
        }
        await #expect(throws: RegistryError.unknownProposal(7)) {
            try await propose("new", in: .existing(7))
        }
    }
}

@Suite("The registry elsewhere")
struct OtherCommitTests {
    let registry: ScratchRegistry
    let store: RegistryStore

    init() async throws {
        registry = try ScratchRegistry()
        store = try await registry.open()
        for title in ["first", "second", "third"] {
            try await store.put("one", ["title": .text(title)])
        }
    }

    private func title(at name: String) async throws -> String? {
        let bytes = try await store.snapshot(at: name)[Sample.key("one")]?.bytes
        return try bytes.flatMap { try JSONValue(parsing: $0, options: .document)["title"]?.text }
    }

    @Test("is read at a commit, a branch, a tag and a time")
    func names() async throws {
        try registry.git("tag", "kept", "main~1")
        try registry.git("branch", "topic", "main~2")
        #expect(try await title(at: "HEAD") == "third")
        #expect(try await title(at: "main") == "third")
        #expect(try await title(at: "kept") == "second")
        #expect(try await title(at: "topic") == "first")
        #expect(try await title(at: "main~3") == nil)
        #expect(try await title(at: registry.git("rev-parse", "main~2")) == "first")
        #expect(try await title(at: "2101-01-01T00:00:00Z") == "third")
    }

    @Test(
        "is not read where nobody may look, nor by git's other names",
        arguments: [
            "nothing", "", "-n", "main@{0}", ":/first", "main:registry.json",
            "2001-01-01T00:00:00Z",
            "proposal:1", "proposal:x",
        ])
    func refused(name: String) async throws {
        await #expect(throws: RegistryError.self) { try await store.snapshot(at: name) }
    }

    @Test("is not read at a commit that no reference has")
    func unreachable() async throws {
        let hidden = try registry.commitElsewhere([("hidden.txt", "x\n")])
        await #expect(throws: RegistryError.unknownRevision("\(hidden)")) {
            try await store.snapshot(at: "\(hidden)")
        }
    }
}
