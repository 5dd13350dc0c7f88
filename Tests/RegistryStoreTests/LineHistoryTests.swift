import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("The served line")
struct ServedLineTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    /// What git says, oldest first.
    private func line(of tip: String = "HEAD") throws -> [String] {
        try registry.git("rev-list", "--first-parent", "--reverse", tip)
            .split(separator: "\n").map(String.init)
    }

    private func texts(_ revisions: [Revision]?) -> [String]? { revisions?.map(\.description) }

    @Test("is told from any commit of it on, oldest first, a few at a time")
    func after() async throws {
        let store = try await registry.open()
        for number in 1...5 { try await store.put("d1", ["title": .text("\(number)")]) }
        let line = try line()
        #expect(try await texts(store.line(after: nil, limit: 100)) == line)
        #expect(try await texts(store.line(after: nil, limit: 2)) == Array(line.prefix(2)))
        let second = try #require(Revision(hex: line[1]))
        #expect(try await texts(store.line(after: second, limit: 3)) == Array(line[2..<5]))
        let last = try #require(line.last.flatMap { Revision(hex: $0) })
        #expect(try await store.line(after: last, limit: 3) == [])
        #expect(try await store.line(after: .zero, limit: 3) == nil)
    }

    @Test("has the merge, and not what came in by it")
    func merges() async throws {
        let store = try await registry.open()
        try await store.put("d1", ["title": "One"])
        try registry.git("checkout", "-q", "-b", "side", "HEAD")
        try registry.write(Sample.path("d2"), Sample.text(["title": "Side"]))
        try registry.git("add", "-A")
        try registry.git("commit", "-qm", "beside")
        let beside = try #require(Revision(hex: registry.git("rev-parse", "HEAD")))
        try registry.git("checkout", "-q", "main")
        try registry.write(Sample.path("d3"), Sample.text(["title": "Main"]))
        try registry.git("add", "-A")
        try registry.git("commit", "-qm", "before the merge")
        try registry.git("merge", "-q", "--no-ff", "-m", "merge", "side")
        let head = try registry.git("rev-parse", "HEAD")
        await store.lookAround()
        #expect(store.index.committed.commit?.description == head)
        #expect(try await store.line(after: beside, limit: 10) == nil)
        #expect(try await store.lineCommit(containing: beside)?.description == head)
        let line = try line()
        #expect(try await texts(store.line(after: nil, limit: 10)) == line)
        for commit in line {
            let revision = try #require(Revision(hex: commit))
            #expect(try await store.lineCommit(containing: revision) == revision)
        }
        #expect(try await store.lineCommit(containing: .zero) == nil)
    }
}
