import Foundation
import GRDB
import Registry
import Testing

@testable import StateStore

@Suite("Keys of users")
struct CredentialStoreTests {
    let scratch: ScratchDirectory
    let directory: StateDirectory
    let user: DocumentID

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
        user = try #require(DocumentID("ann"))
    }

    @Test(
        "only the key that was set last is right, also after a restart", arguments: [true, false])
    func holds(isRandom: Bool) async throws {
        let store = try CredentialStore(in: directory, hashing: .quick)
        #expect(try await !store.holds("one", of: user))
        try store.set("one", of: user, isRandom: isRandom)
        #expect(try await store.holds("one", of: user))
        #expect(try await store.holds("one", of: user), "it is remembered")
        try store.set("two", of: user, isRandom: isRandom)
        for wrong in ["one", "", "tw", "twoo"] {
            #expect(try await !store.holds(wrong, of: user), "\(wrong)")
        }
        #expect(try await store.holds("two", of: user))
        store.close()
        let again = try CredentialStore(in: directory, hashing: .quick)
        #expect(try await again.holds("two", of: user))
        #expect(try await !again.holds("one", of: user))
        try again.remove([user])
        #expect(try await !again.holds("two", of: user))
    }

    @Test("a key that an earlier version stored is still right")
    func earlier() async throws {
        try CredentialStore(in: directory).close()
        let digest = lowercaseHex(pbkdf2Digest("old key", Array("salt".utf8), 10_000))
        let database = try StateDatabase("secrets.sqlite", in: directory, schema: "")
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO credential VALUES ('ann', '73616c74', 10000, ?)",
                arguments: [digest])
        }
        database.close()
        let store = try CredentialStore(in: directory, hashing: .quick)
        #expect(try await store.holds("old key", of: user))
        #expect(try await !store.holds("new key", of: user))
    }

    @Test("no file holds a key, and only the owner reads them")
    func secrecy() throws {
        let store = try CredentialStore(in: directory, hashing: .quick)
        try store.set("correct horse battery staple", of: user, isRandom: false)
        store.close()
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let path = directory.file(name)
            let bytes = try Data(contentsOf: URL(filePath: path))
            #expect(bytes.range(of: Data("horse".utf8)) == nil)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect((mode as? Int ?? 0o777) & 0o077 == 0, "\(name)")
        }
    }
}
