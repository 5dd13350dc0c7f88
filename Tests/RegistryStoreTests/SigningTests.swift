import Foundation
import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Commits that the server signs")
struct SigningTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    /// Who git says has signed a commit; nil where the signature is not good.
    private func signer(of commit: String) throws -> String? {
        let lines = try told(of: commit, "%G?%n%GS").split(separator: "\n")
        return lines.first == "G" ? lines.last.map(String.init) : nil
    }

    /// Of the key that git finds a commit signed with.
    private func fingerprint(of commit: String) throws -> String {
        let text = try told(of: commit, "%GF")
        #expect(text.hasPrefix("SHA256:"))
        return text
    }

    private func told(of commit: String, _ format: String) throws -> String {
        try registry.git(
            "-c", "gpg.ssh.allowedSignersFile=allowed_signers", "log", "-1", "--format=\(format)",
            commit)
    }

    @Test("nothing is signed until that is asked for")
    func off() async throws {
        let store = try await registry.open()
        let done = try await store.put("a", [:])
        #expect(try signer(of: "\(try #require(done.commit))") == nil)
        #expect(registry.read("allowed_signers") == nil)
        #expect(registry.read(".git/muster/signing-key") == nil)
    }

    @Test("git finds a good signature of the server on each batch's last commit")
    func on() async throws {
        let store = try await registry.open()
        let state = try await store.sign(.on)
        #expect(state.isOn)
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
        async let first = store.put("a", ["n": 1])
        async let second = store.put("b", ["n": 2])
        let commits = try await [first.commit, second.commit]
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
        let found = try registry.git("rev-list", "HEAD").split(separator: "\n")
        for commit in commits {
            #expect(found.contains("\(try #require(commit))"[...]))
        }
        #expect(store.index.committed.commit?.description == String(found[0]))
        await store.close()
        try registry.judge()
    }

    @Test("the key is a file that only its owner reads, and survives a restart")
    func key() async throws {
        var store = try await registry.open()
        let key = try await store.sign(.on).key
        let path = registry.path + "/.git/muster/signing-key"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        await store.close()
        store = try await registry.open()
        #expect(try await store.sign(.show).key == key)
        try await store.put("a", [:])
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
    }

    @Test("after a renewal new commits are the new key's, and old ones stay good")
    func renewal() async throws {
        let store = try await registry.open()
        let old = try await store.sign(.on)
        let signed = try registry.git("rev-parse", "HEAD")
        let new = try await store.sign(.renew)
        #expect(old.key != new.key)
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
        let before = try fingerprint(of: "HEAD")
        try await store.put("a", [:])
        #expect(try fingerprint(of: "HEAD") != before)
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
        #expect(try signer(of: signed) == "server@muster.invalid")
    }

    @Test("who switches signatures on by a commit has the key named by the server")
    func byCommit() async throws {
        let store = try await registry.open()
        var settings = RegistrySettings()
        settings.signsCommits = true
        try registry.write(
            "registry.json", String(decoding: settings.canonicalBytes(), as: UTF8.self))
        try registry.git("commit", "--quiet", "--all", "--message", "sign")
        await store.lookAround()
        await store.keepAllowedSigners()
        #expect(registry.read("allowed_signers")?.hasPrefix("server@muster.invalid ") == true)
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
        let commits = try registry.commits
        await store.keepAllowedSigners()
        #expect(try registry.commits == commits)
    }

    @Test("a key that a person retires is replaced by a new one")
    func retiredByHand() async throws {
        let store = try await registry.open()
        let old = try await store.sign(.on)
        let line = try #require(old.allowedSigner)
            .replacing("namespaces", with: "valid-before=\"20260101Z\",namespaces")
        try registry.write("allowed_signers", line + "\n")
        try registry.git("commit", "--quiet", "--all", "--message", "retire")
        await store.lookAround()
        await store.keepAllowedSigners()
        #expect(try await store.sign(.show).key != old.key)
        #expect(registry.read("allowed_signers")?.split(separator: "\n").count == 2)
        #expect(try signer(of: "HEAD") == "server@muster.invalid")
    }

    @Test("a person's uncommitted edit of the settings is not overwritten")
    func edited() async throws {
        let store = try await registry.open()
        try registry.write("allowed_signers", "mine\n")
        await #expect(throws: RegistryError.uncommittedEdit(path: "allowed_signers")) {
            try await store.sign(.on)
        }
        #expect(registry.read("allowed_signers") == "mine\n")
    }

    @Test("a key that others may read is not used, and that is said")
    func readable() async throws {
        let store = try await registry.open()
        _ = try await store.sign(.on)
        await store.close()
        let path = registry.path + "/.git/muster/signing-key"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let again = try await registry.open()
        try await again.put("a", [:])
        #expect(try signer(of: "HEAD") == nil)
        #expect(again.status.lastError?.contains("chmod go-rwx") == true)
    }
}
