import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Verifying a history")
struct VerificationTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    private func report(_ range: String = "HEAD") async throws -> VerificationReport {
        try await RegistryStore.verify(range, of: registry.path)
    }

    /// A registry of three commits, the last of them signed.
    private func signed() async throws -> RegistryStore {
        let store = try await registry.open()
        try await store.put("a", [:])
        _ = try await store.sign(.on)
        return store
    }

    @Test("without signatures every commit is named")
    func unsigned() async throws {
        let report = try await report()
        #expect(report.commits == 1)
        #expect(report.uncovered.map(\.reason) == ["not signed"])
        #expect(!report.isCovered)
    }

    @Test("a good signature covers all commits before it")
    func covered() async throws {
        let store = try await signed()
        try await store.put("b", [:])
        let report = try await report()
        #expect(report.commits == 4)
        #expect(report.isCovered)
        #expect(report.covers.map(\.commit) == [store.index.committed.commit])
        #expect(report.covers.map(\.signer) == ["server@muster.invalid"])
    }

    @Test("what came after the newest signature is named, and nothing else")
    func newer() async throws {
        let store = try await signed()
        await store.close()
        try registry.git("commit", "--quiet", "--allow-empty", "--message", "by hand")
        let whole = try await report()
        #expect(whole.uncovered.map(\.subject) == ["by hand"])
        #expect(try await report("HEAD~1").isCovered)
        let last = try await report("HEAD~1..HEAD")
        #expect(last.commits == 1)
        #expect(!last.isCovered)
    }

    @Test("a signed commit whose content was changed is not covered")
    func forged() async throws {
        let store = try await signed()
        await store.close()
        let text = try registry.git("cat-file", "commit", "HEAD")
        try registry.write("forged", text.replacing("Muster", with: "Muster2") + "\n")
        let forged = try registry.git("hash-object", "-t", "commit", "-w", "forged")
        let report = try await report(forged)
        #expect(report.uncovered.first?.reason.contains("is wrong") == true)
        #expect(report.uncoveredCount == report.commits)
    }

    @Test("a key that is no allowed signer does not count")
    func foreign() async throws {
        let store = try await signed()
        await store.close()
        let report = try await RegistryStore.verify(
            "HEAD", of: registry.path, signers: (name: "mine", bytes: []))
        #expect(report.uncovered.first?.reason.contains("no allowed signer") == true)
        #expect(report.signersFile == "mine")
    }

    @Test(
        "a person's own key counts once it is an allowed signer, whatever its kind",
        arguments: ["ed25519", "ecdsa"])
    func person(kind: String) async throws {
        let store = try await signed()
        await store.close()
        let key = registry.path + "/.git/person"
        try registry.git(
            "-c", "alias.keygen=!ssh-keygen", "keygen", "-q", "-t", kind, "-N", "", "-f", key)
        let line = try #require(registry.read(".git/person.pub"))
        let signers = try #require(registry.read("allowed_signers"))
        try registry.write("allowed_signers", signers + "ada@example.org \(line)")
        try registry.git("add", "allowed_signers")
        try registry.git(
            "-c", "gpg.format=ssh", "-c", "user.signingkey=\(key)", "commit", "--quiet",
            "--gpg-sign", "--message", "name me")
        let report = try await report()
        #expect(report.isCovered)
        #expect(report.covers.map(\.signer) == ["ada@example.org"])
    }

    @Test("a name that is no revision is said")
    func unknown() async throws {
        await #expect(throws: StoreOpeningError.self) { try await report("nothing") }
    }
}
