import JSON
import Registry
import RegistryStore
import Testing

@Suite("Taking in what was committed elsewhere")
struct IntegratingTests {
    let registry: ScratchRegistry
    let store: RegistryStore

    init() async throws {
        registry = try ScratchRegistry()
        store = try await registry.open()
        try await store.put("one", ["title": "old"])
        try await store.put("two", ["title": "old"])
    }

    private let way = TakenIn(
        author: Author(name: "Ada", email: "ada@example.org"), subject: "Merge it")

    /// Commits another title of a dashboard beside the served branch.
    private func commitElsewhere(_ uid: String, title: String) throws -> Revision {
        let text = Sample.text(["title": .text(title)])
        return try registry.commitElsewhere([(Sample.path(uid), text)])
    }

    @Test("a commit on the tip is taken as it is, and served at once")
    func fastForward() async throws {
        let commit = try commitElsewhere("one", title: "theirs")
        #expect(try await store.takeIn(commit, as: way) == .fastForwarded(to: commit))
        #expect(store.index.current.commit == commit)
        #expect(registry.read(Sample.path("one"))?.contains("theirs") == true)
        #expect(try await store.takeIn(commit, as: way) == .upToDate)
    }

    @Test("a commit on an older state is merged with what was written since")
    func merge() async throws {
        let commit = try commitElsewhere("one", title: "theirs")
        try await store.put("two", ["title": "ours"])
        guard case .merged(let merge, let conflicts) = try await store.takeIn(commit, as: way)
        else { throw Unexpected() }
        #expect(conflicts.isEmpty)
        #expect(try registry.git("log", "-1", "--format=%P", "\(merge)").contains("\(commit)"))
        #expect(try store.title("one") == "theirs")
        #expect(try store.title("two") == "ours")
        try registry.git("fsck", "--strict")
    }

    @Test("both sides' change of one member is refused with both values, and nothing moves")
    func conflict() async throws {
        let commit = try commitElsewhere("one", title: "theirs")
        try await store.put("one", ["title": "ours"])
        let before = store.index.current.commit
        let done = try await store.takeIn(commit, as: way)
        guard case .refused(let conflicts, []) = done else { throw Unexpected() }
        #expect(conflicts.map(\.pointer?.description) == ["/title"])
        #expect(conflicts.first?.ours == .text("ours"))
        #expect(conflicts.first?.theirs == .text("theirs"))
        #expect(store.index.current.commit == before)

        var chosen = way
        chosen.choices.choose(.theirs, at: Sample.path("one"), "/title")
        guard case .merged = try await store.takeIn(commit, as: chosen) else { throw Unexpected() }
        #expect(try store.title("one") == "theirs")
    }

    @Test("what cannot be joined stays ours where the caller says so, and is told")
    func keepsOurs() async throws {
        let commit = try commitElsewhere("one", title: "theirs")
        try await store.put("one", ["title": "ours"])
        var kept = way
        kept.keepsOurs = true
        guard case .merged(_, let conflicts) = try await store.takeIn(commit, as: kept) else {
            throw Unexpected()
        }
        #expect(conflicts.count == 1)
        #expect(try store.title("one") == "ours")
    }

    @Test("an invalid file is refused with its place, unless the caller takes it")
    func invalid() async throws {
        let commit = try registry.commitElsewhere([(Sample.path("nine"), "{\n")])
        guard case .refused([], let problems) = try await store.takeIn(commit, as: way) else {
            throw Unexpected()
        }
        #expect(problems.map(\.path) == [Sample.path("nine")])
        var lenient = way
        lenient.allowsErrors = true
        #expect(try await store.takeIn(commit, as: lenient) == .fastForwarded(to: commit))
        #expect(store.index.current.invalidPaths.keys.sorted() == [Sample.path("nine")])
    }

    @Test(
        "what would leave no registry, or another branch to serve, is refused",
        arguments: [
            nil, "{}\n", #"{"format_version": 9}"#,
            #"{"format_version": 1, "served_branch": "other"}"#,
        ])
    func settings(text: String?) async throws {
        let commit = try registry.commitElsewhere([("registry.json", text)])
        guard case .refused([], let problems) = try await store.takeIn(commit, as: way) else {
            throw Unexpected()
        }
        #expect(problems.map(\.path) == ["registry.json"])
    }

    @Test("a history of its own is refused")
    func unrelated() async throws {
        let commit = try registry.commitElsewhere([("a.txt", "a\n")], alone: true)
        await #expect(throws: RegistryError.unrelated(commit: "\(commit)", branch: "main")) {
            try await store.takeIn(commit, as: way)
        }
    }

    @Test("a change from before a reshard is merged into the file where it is now")
    func reshardedMeanwhile() async throws {
        let commit = try commitElsewhere("one", title: "theirs")
        _ = try await store.reshard(to: ["grafana_dashboards": 1], isTrial: false)
        let path = try #require(store.index.current[Sample.key("one")]?.path)
        #expect(path != Sample.path("one"))
        guard case .merged(_, []) = try await store.takeIn(commit, as: way) else {
            throw Unexpected()
        }
        #expect(try store.index.current[Sample.key("one")]?.path == path)
        #expect(try store.title("one") == "theirs")
        #expect(registry.read(Sample.path("one")) == nil)
        #expect(store.index.current.problems.isEmpty)
    }

    @Test("a move of the file that was made elsewhere keeps what was written here since")
    func reshardedElsewhere() async throws {
        let text = Sample.text(["title": "old"])
        let commit = try registry.commitElsewhere(
            [(Sample.path("one"), nil), ("grafana_dashboards/7/one.json", text)])
        try await store.put("one", ["title": "ours"])
        guard case .merged(_, []) = try await store.takeIn(commit, as: way) else {
            throw Unexpected()
        }
        #expect(try store.index.current[Sample.key("one")]?.path == "grafana_dashboards/7/one.json")
        #expect(try store.title("one") == "ours")
        #expect(registry.read(Sample.path("one")) == nil)
    }

    private struct Unexpected: Error {}
}
