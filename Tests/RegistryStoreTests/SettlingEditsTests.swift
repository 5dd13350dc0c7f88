import Foundation
import Registry
import Testing

@testable import RegistryStore

@Suite("Settling uncommitted edits")
struct SettlingEditsTests {
    private let registry: ScratchRegistry
    private let store: RegistryStore
    private let path = "devices/robot-1.json"

    init() async throws {
        let registry = try ScratchRegistry()
        try registry.write("devices/robot-1.json", Self.device("10.0.0.1"))
        try registry.git("add", "--all")
        try registry.git("commit", "-qm", "begin")
        self.registry = registry
        store = try await registry.open()
    }

    private func device(_ address: String) -> String { Self.device(address) }

    private static func device(_ address: String) -> String {
        """
        {
          "uid": "robot-1",
          "creation_date": "2026-01-31T10:00:00Z",
          "address": "\(address)"
        }

        """
    }

    private func edit(_ path: String, _ text: String?) async throws {
        if let text {
            try registry.write(path, text)
        } else {
            try FileManager.default.removeItem(atPath: "\(registry.path)/\(path)")
        }
        await store.scanWorkingTree()
    }

    private func head() throws -> String { try registry.git("rev-parse", "main") }

    @Test("a commit has the edit as it is, by its author, and git sees a clean tree")
    func commit() async throws {
        try await edit(path, device("10.0.0.2"))
        let done = try await store.commitEdits(
            EditChoice(paths: [path]), message: "Move robot-1\n\nTo hall 2.",
            author: Author(name: "Ada", email: "ada@example.org"))
        #expect(try done.commit?.description == head())
        #expect(try registry.git("status", "--porcelain") == "")
        #expect(
            try registry.git("log", "-1", "--format=%an|%cn|%B")
                == "Ada|Muster|Move robot-1\n\nTo hall 2.")
        #expect(try registry.git("show", "main:\(path)").contains("10.0.0.2"))
        #expect(store.status.uncommittedEdits.isEmpty)
        #expect(store.index.current.uncommittedPaths.isEmpty)
        #expect(try registry.git("fsck", "--strict") == "")
    }

    @Test("what was staged before the last change does not stay behind")
    func staged() async throws {
        try registry.write(path, device("10.0.0.2"))
        try registry.git("add", path)
        try await edit(path, device("10.0.0.3"))
        _ = try await store.commitEdits(EditChoice(), message: nil, author: .anonymous)
        #expect(try registry.git("status", "--porcelain") == "")
        #expect(try registry.git("log", "-1", "--format=%s") == "devices/robot-1: edit")
    }

    @Test("all that are valid go into one commit; an invalid one stays and is named when asked for")
    func all() async throws {
        try await edit(path, nil)
        try registry.write("devices/new.json", device("10.0.0.9").replacing("robot-1", with: "new"))
        try await edit("devices/bad.json", "{")
        let before = try head()
        await #expect(throws: RegistryError.self) {
            try await store.commitEdits(
                EditChoice(paths: [path, "devices/bad.json"]), message: nil, author: .anonymous)
        }
        #expect(try head() == before)
        let done = try await store.commitEdits(EditChoice(), message: nil, author: .anonymous)
        #expect(done.paths == ["devices/new.json", path])
        #expect(try registry.git("log", "-1", "--format=%s") == "Edit 2 documents")
        #expect(try registry.git("status", "--porcelain") == "?? devices/bad.json")
        #expect(store.status.uncommittedEdits.map(\.path) == ["devices/bad.json"])
    }

    @Test("an edit that went on since it was shown is refused")
    func changed() async throws {
        try await edit(path, device("10.0.0.2"))
        let seen = try #require(await store.editedFiles().first)
        #expect(seen.committed == Array(device("10.0.0.1").utf8))
        try registry.write(path, device("10.0.0.3"))
        let choice = EditChoice(paths: [path], seen: [path: seen.tag])
        await #expect(throws: RegistryError.editChanged(path: path)) {
            try await store.commitEdits(choice, message: nil, author: .anonymous)
        }
        await #expect(throws: RegistryError.editChanged(path: path)) {
            try await store.discardEdits(choice)
        }
        await #expect(throws: RegistryError.noEdit(path: "devices/ghost.json")) {
            try await store.discardEdits(EditChoice(paths: ["devices/ghost.json"]))
        }
    }

    @Test("a discarded edit is gone from the tree, and kept beside it")
    func discard() async throws {
        try await edit(path, device("10.0.0.2"))
        try registry.write("devices/new.json", "{")
        try registry.git("add", "--all")
        await store.scanWorkingTree()
        let done = try await store.discardEdits(EditChoice(paths: [path, "devices/new.json"]))
        #expect(try registry.git("status", "--porcelain") == "")
        #expect(registry.read(path) == device("10.0.0.1"))
        #expect(try String(contentsOfFile: done.copies[0], encoding: .utf8) == device("10.0.0.2"))
        #expect(try String(contentsOfFile: done.copies[1], encoding: .utf8) == "{")
        #expect(store.status.uncommittedEdits.isEmpty)
        try await edit(path, nil)
        #expect(try await store.discardEdits(EditChoice(paths: [path])).copies == [""])
        #expect(registry.read(path) == device("10.0.0.1"))
        #expect(try registry.git("status", "--porcelain") == "")
    }

    @Test("a kept tip says what the branch does not have, and is removed on demand")
    func keptTips() async throws {
        let registry = try ScratchRegistry()
        try registry.git("branch", "rewound-20260131T110000Z")
        let aside = try registry.git("commit-tree", "-p", "main", "-m", "aside", "main^{tree}")
        try registry.git("branch", "rewound-20260131T120000Z", aside)
        let store = try await registry.open()
        let tips = try await store.keptTips()
        #expect(tips.map(\.name) == ["rewound-20260131T120000Z", "rewound-20260131T110000Z"])
        #expect(tips.map(\.missingCount) == [1, 0])
        #expect(tips.first?.missing.first?.subject == "aside")
        try await store.deleteKeptTip("rewound-20260131T120000Z", at: tips.first?.tip.revision)
        #expect(try registry.git("branch", "--list", "rewound-*").contains("T11"))
        #expect(store.status.rewoundTips == ["refs/heads/rewound-20260131T110000Z"])
        await #expect(throws: RegistryError.unknownRevision("main")) {
            try await store.deleteKeptTip("main", at: nil)
        }
    }
}
