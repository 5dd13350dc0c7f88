import JSON
import Registry
import Testing

@testable import muster

@Suite("The demonstration")
struct DemoTests {
    private let history: DemoHistory
    private let now = Timestamp(microseconds: 1_900_000_000_000_000)

    init() throws {
        history = try DemoHistory(endingAt: now, starter: NewRegistry.files(devices: 30))
    }

    @Test("it has 30 devices with uids of their own at three sites")
    func fleet() {
        #expect(Set(DemoDevice.all.map(\.uid)).count == 30)
        #expect(DemoSite.all.count == 3)
        #expect(Set(DemoDevice.all.map(\.address)).count == 30)
    }

    @Test("its commits are some hundred, by several authors, over months, none in the future")
    func commits() throws {
        #expect(history.commits.count > 250)
        #expect(Set(history.commits.map(\.author)).count > 30)
        let moments = history.commits.map(\.moment)
        #expect(moments == moments.sorted())
        #expect(try #require(moments.first) < now.before(days: 120))
        #expect(try #require(moments.last) < now)
    }

    @Test("every commit of a document is valid and canonical")
    func documents() throws {
        for commit in history.commits {
            for (path, bytes) in commit.files {
                guard case .document(let key) = FileLayout.key(ofPath: path) else { continue }
                let document = try PreparedDocument(key, bytes: bytes)
                #expect(document.bytes == bytes)
                guard path.hasSuffix(".json") else { continue }
                #expect(try JSONValue(parsing: bytes, options: .document).canonicalBytes() == bytes)
            }
        }
    }

    @Test("what devices name exists, when they name it")
    func references() throws {
        var paths: Set<String> = []
        for commit in history.commits {
            paths.formUnion(commit.files.map(\.path))
            for (path, bytes) in commit.files {
                guard case .document(let key) = FileLayout.key(ofPath: path) else { continue }
                for reference in try PreparedDocument(key, bytes: bytes).content.references {
                    #expect(paths.contains(FileLayout().path(for: reference.target)), "\(path)")
                }
            }
        }
    }

    @Test("git takes the history, and finds nothing wrong with it")
    func importing() async throws {
        let folder = try ScratchFolder()
        let count = try await DemoRegistry.create(at: folder.path, endingAt: now)
        let merges = history.commits.count { $0.isPullRequest }
        #expect(count == history.commits.count + merges)
        let git = GitProgram(directory: folder.path)
        try await git.run(["fsck", "--strict"])
        #expect(try await git.text(["status", "--porcelain"]) == "")
        #expect(try await git.text(["for-each-ref", "--format=%(refname)"]) == "refs/heads/main")
    }
}
