import Glibc
import Testing

@testable import StateStore

@Suite("The state directory")
struct StateDirectoryTests {
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test("is made for its owner alone, and opened again")
    func made() throws {
        let first = try StateDirectory.open(scratch.path + "/state")
        #expect(try mode(of: first.path) == 0o700)
        #expect(try StateDirectory.open(scratch.path + "/state/") == first)
    }

    @Test("is refused when others can read it", arguments: [0o755, 0o750, 0o701])
    func readable(permissions: Int) throws {
        let path = scratch.path + "/state"
        mkdir(path, 0o700)
        chmod(path, mode_t(permissions))
        #expect(throws: StateError.readableByOthers(path: path, mode: permissions)) {
            try StateDirectory.open(path)
        }
    }

    @Test(
        "is refused in a working tree, the git directory excepted",
        arguments: [
            ("tree/state", false), ("tree", false), ("tree/a/b/state", false),
            ("link/state", false), ("tree/.git/muster", true), ("treestate", true),
            ("tree/../other", true), ("tree/.gitx", false),
        ])
    func workingTree(place: String, isAllowed: Bool) throws {
        mkdir(scratch.path + "/tree", 0o700)
        mkdir(scratch.path + "/tree/.git", 0o700)
        symlink(scratch.path + "/tree", scratch.path + "/link")
        var refusal: StateError?
        do {
            try StateDirectory.check(
                location: "\(scratch.path)/\(place)", workingTree: scratch.path + "/tree",
                gitDirectory: scratch.path + "/tree/.git")
        } catch {
            refusal = error
        }
        #expect((refusal == nil) == isAllowed)
    }

    @Test("a file in its place is said")
    func file() throws {
        try write("", to: scratch.path + "/state")
        #expect(throws: StateError.self) { try StateDirectory.open(scratch.path + "/state") }
    }
}

@Suite("The audit log")
struct AuditFileTests {
    let directory: StateDirectory
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
    }

    @Test("grows by whole lines, whoever else adds some, and only its owner reads it")
    func growing() async throws {
        let path = directory.file("audit.log")
        let log = AuditFile(in: directory)
        let line = String(repeating: "é", count: 5_000)
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try log.append(line) } }
            try await group.waitForAll()
        }
        let text = try #require(try PrivateFile.read(path, limit: 1 << 20))
        #expect(text == Array(String(repeating: line + "\n", count: 20).utf8))
        #expect(try mode(of: path) == 0o600)
    }

    @Test("is refused when others can read it, or when it is a link")
    func refused() throws {
        let path = directory.file("audit.log")
        try AuditFile(in: directory).append("one")
        chmod(path, 0o640)
        #expect(throws: StateError.readableByOthers(path: path, mode: 0o640)) {
            try AuditFile(in: directory).append("two")
        }
        unlink(path)
        symlink(scratch.path + "/elsewhere", path)
        #expect(throws: StateError.self) { try AuditFile(in: directory).append("three") }
        #expect(try !scratch.names(in: "").contains("elsewhere"))
    }
}

@Suite("The secret key")
struct SecretKeyTests {
    let directory: StateDirectory
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
    }

    @Test("is made once, for its owner alone, and is the same at the next start")
    func made() throws {
        let key = try SecretKey.load(from: directory)
        #expect(key.bytes.count == 64)
        #expect(try mode(of: directory.file("secret-key")) == 0o600)
        #expect(try SecretKey.load(from: directory).bytes == key.bytes)
    }

    @Test("one that is given leaves no file")
    func given() throws {
        let given = String(repeating: "k", count: 32)
        #expect(try SecretKey.load(from: directory, given: given).bytes == Array(given.utf8))
        #expect(throws: StateError.self) { try SecretKey.load(from: directory, given: "abc") }
        #expect(access(directory.file("secret-key"), F_OK) != 0)
    }

    @Test("a file that others can read is refused")
    func readable() throws {
        _ = try SecretKey.load(from: directory)
        chmod(directory.file("secret-key"), 0o644)
        #expect(throws: StateError.self) { try SecretKey.load(from: directory) }
    }

    @Test("no text of it holds the key")
    func silent() throws {
        let key = try SecretKey.load(
            from: directory, given: "swordfish" + String(repeating: "x", count: 32))
        #expect(!"\(key)".contains("swordfish"))
        #expect(!"\(String(reflecting: key))".contains("swordfish"))
    }
}
