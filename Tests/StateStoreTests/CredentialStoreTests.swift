import Foundation
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
    func holds(isRandom: Bool) throws {
        let store = try CredentialStore(in: directory)
        #expect(!store.holds("one", of: user))
        try store.set("one", of: user, isRandom: isRandom)
        #expect(store.holds("one", of: user) && store.holds("one", of: user))
        try store.set("two", of: user, isRandom: isRandom)
        #expect(!store.holds("one", of: user) && store.holds("two", of: user))
        #expect(!store.holds("", of: user) && !store.holds("tw", of: user))
        store.close()
        let again = try CredentialStore(in: directory)
        #expect(again.holds("two", of: user) && !again.holds("one", of: user))
        try again.remove([user])
        #expect(!again.holds("two", of: user))
    }

    @Test("no file holds a key, and only the owner reads them")
    func secrecy() throws {
        let store = try CredentialStore(in: directory)
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

    @Test("the hash is PBKDF2 as its test vector says")
    func vector() {
        // RFC 7914, section 11: PBKDF2-HMAC-SHA-256, "passwd", "salt", 1 round, first block.
        let digest = CredentialStore.digest("passwd", Array("salt".utf8), 1)
        #expect(digest.prefix(4) == [0x55, 0xAC, 0x04, 0x6E])
        // "Password", "NaCl", 80,000 rounds.
        let slow = CredentialStore.digest("Password", Array("NaCl".utf8), 80_000)
        #expect(slow.prefix(4) == [0x4D, 0xDC, 0xD8, 0xF6])
    }
}
