import FoundationEssentials
import Registry
import Testing

@testable import muster

@Suite("The starter of a registry")
struct StarterTests {
    /// The top of this package.
    private let top = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()

    @Test("what the program carries is what registry/ holds, byte for byte")
    func sameFiles() throws {
        let folder = absolutePath(top + "registry")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
            var isFolder = false
            return FileManager.default.fileExists(
                atPath: "\(folder)/\(path)", isDirectory: &isFolder) && !isFolder
        }
        #expect(StarterFile.all.map(\.path).sorted() == paths.sorted(), "run make starter")
        for file in StarterFile.all {
            let bytes = try readFile("\(folder)/\(file.path)")
            #expect(file.bytes == bytes, "\(file.path): run make starter")
        }
    }

    @Test("registry.json is as the program would write it")
    func settings() throws {
        let file = try #require(StarterFile.all.first { $0.path == RegistrySettings.path })
        let settings = try RegistrySettings(parsing: file.bytes)
        #expect(settings == RegistrySettings())
        #expect(settings.canonicalBytes() == file.bytes)
    }

    @Test("it holds no document")
    func empty() {
        for file in StarterFile.all { #expect(FileLayout.key(ofPath: file.path) == .notADocument) }
    }

    @Test(
        "the fan-out suits the number of devices",
        arguments: [(0, nil), (1000, nil), (5000, 1), (200_000, 2), (1_000_000, 3)] as [(Int, Int?)]
    )
    func fanOut(devices: Int, depth: Int?) throws {
        let file = try #require(
            NewRegistry.files(devices: devices).first { $0.path == RegistrySettings.path })
        #expect(try RegistrySettings(parsing: file.bytes).fanOut["devices"] == depth)
    }

    @Test("a folder that holds anything is refused and left as it was")
    func occupied() throws {
        let folder = try ScratchFolder()
        try writeFile("\(folder.path)/note", [1])
        #expect(throws: Failure.self) {
            try NewRegistry.create(at: folder.path, devices: 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["note"])
    }

    @Test("a new registry is one commit, and nothing is left to commit")
    func create() async throws {
        let folder = try ScratchFolder()
        try NewRegistry.create(at: "\(folder.path)/new/registry", devices: 0)
        let git = GitProgram(directory: "\(folder.path)/new/registry")
        #expect(try await git.text(["rev-list", "--count", "main"]) == "1")
        #expect(try await git.text(["status", "--porcelain"]) == "")
        try await git.run(["fsck", "--strict"])
    }
}
