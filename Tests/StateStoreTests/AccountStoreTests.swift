import Foundation
import Registry
import Testing

@testable import StateStore

@Suite("Accounts and passwords")
struct AccountStoreTests {
    let scratch: ScratchDirectory
    let directory: StateDirectory
    let store: AccountStore
    let ada: AccountName
    let robot: AccountName

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
        store = try AccountStore(in: directory, hashing: .quick)
        ada = try #require(AccountName("ada"))
        robot = try #require(AccountName("robot-1"))
    }

    private func logIn(_ name: String, _ password: String) async -> LoginOutcome {
        await store.logIn(name, password: password, from: "192.0.2.1")
    }

    /// Whether `ada` has to wait; the last failure counts as one of the next minute, so that a slow
    /// machine finds the same.
    private func hasToWait(_ password: String) async -> Bool {
        store.limiter.fail(ada, from: "192.0.2.1", now: .now + .seconds(60))
        if case .tooMany = await logIn("ada", password) { return true }
        return false
    }

    @Test("the right password lets its account in, also after a restart")
    func logIn() async throws {
        #expect(store.isEmpty)
        let added = try store.add(ada, .person, roles: ["admin"], password: "correct horse")
        #expect(!store.isEmpty && added.isAdministrator && added.hasPassword)
        #expect(await logIn("ada", "correct horse") == .account(added))
        #expect(await logIn("ada", "correct horse") == .account(added), "it is remembered")
        store.close()
        let again = try AccountStore(in: directory, hashing: .quick)
        #expect(again.accounts == [added])
        let outcome = await again.logIn("ada", password: "correct horse", from: nil)
        #expect(outcome == .account(added))
    }

    @Test(
        "what is wrong is told apart by nothing", arguments: ["ada", "bob", "robot-1", "Ada", ""])
    func wrong(name: String) async throws {
        try store.add(ada, .person, roles: [], password: "correct horse")
        try store.add(robot, .machine, roles: [])
        #expect(await logIn(name, "correct horst") == .wrong)
        #expect(await logIn(name, "") == .wrong)
    }

    @Test("many at once with the right password are tried once and all let in")
    func together() async throws {
        let added = try store.add(ada, .person, roles: [], password: "correct horse")
        await withTaskGroup { group in
            for _ in 0..<40 { group.addTask { await logIn("ada", "correct horse") } }
            for await outcome in group { #expect(outcome == .account(added)) }
        }
    }

    @Test("after five wrong passwords the next has to wait, the right one from elsewhere not")
    func limited() async throws {
        let added = try store.add(ada, .person, roles: [], password: "correct horse")
        for _ in 0..<5 { #expect(await logIn("ada", "wrong") == .wrong) }
        #expect(await hasToWait("wrong"))
        #expect(await hasToWait("correct horse"))
        let elsewhere = await store.logIn("ada", password: "correct horse", from: "192.0.2.2")
        #expect(elsewhere == .account(added))
        #expect(await logIn("ada", "correct horse") == .account(added), "it is proven now")
    }

    @Test("requests with the right password excuse no guesses from the same address")
    func noExcuse() async throws {
        let added = try store.add(ada, .person, roles: [], password: "correct horse")
        #expect(await logIn("ada", "correct horse") == .account(added))
        for _ in 0..<5 {
            #expect(await logIn("ada", "wrong") == .wrong)
            #expect(await logIn("ada", "correct horse") == .account(added))
        }
        #expect(await hasToWait("wrong"))
    }

    @Test("another password ends the old one and its sessions, but for the own")
    func change() async throws {
        try store.add(ada, .person, roles: [], password: "correct horse", mustChange: true)
        _ = await logIn("ada", "correct horse")
        let own = try store.openSession(for: ada, from: nil, browser: "")
        let other = try store.openSession(for: ada, from: nil, browser: "")
        try store.setPassword("battery staple", of: ada, keepingSession: own.secret.text)
        #expect(await logIn("ada", "correct horse") == .wrong)
        guard case .account(let account) = await logIn("ada", "battery staple") else {
            Issue.record("the new password is wrong")
            return
        }
        #expect(!account.mustChangePassword)
        #expect(store.session(own.secret.text) != nil && store.session(other.secret.text) == nil)
    }

    @Test("who is shut out has no way in, and has it again when let in")
    func disabled() async throws {
        try store.add(ada, .person, roles: [], password: "correct horse")
        let session = try store.openSession(for: ada, from: nil, browser: "")
        let token = try store.createToken("ci", of: ada)
        _ = await logIn("ada", "correct horse")
        try store.setDisabled(true, ada)
        #expect(await logIn("ada", "correct horse") == .wrong)
        #expect(store.session(session.secret.text) == nil)
        #expect(store.find(token: token.secret.text, from: nil) == .disabled(token.token))
        try store.setDisabled(false, ada)
        #expect(store.session(session.secret.text) == nil, "sessions stay ended")
        guard case .valid = store.find(token: token.secret.text, from: nil) else {
            Issue.record("the token does not work again")
            return
        }
    }

    @Test("an account that is removed leaves nothing")
    func remove() throws {
        try store.add(ada, .person, roles: [], password: "correct horse")
        let session = try store.openSession(for: ada, from: nil, browser: "")
        let token = try store.createToken("ci", of: ada)
        try store.remove(ada)
        store.close()
        let again = try AccountStore(in: directory, hashing: .quick)
        for store in [store, again] {
            #expect(store.isEmpty && store.tokens().isEmpty && store.sessions(of: ada).isEmpty)
            #expect(store.session(session.secret.text) == nil)
            #expect(store.find(token: token.secret.text, from: nil) == .unknown)
        }
        #expect(throws: AccountError.unknown(ada)) { try again.remove(ada) }
    }

    @Test("what makes no sense is refused with a reason")
    func refusals() throws {
        try store.add(ada, .person, roles: ["editor"])
        try store.add(robot, .machine, roles: [])
        #expect(throws: AccountError.exists(ada)) { try store.add(ada, .machine, roles: []) }
        #expect(throws: AccountError.machineWithPassword(robot)) {
            try store.setPassword("correct horse", of: robot)
        }
        for password in ["", "too short", "a\u{0}bcdefghijk", String(repeating: "x", count: 1_025)]
        {
            #expect(throws: AccountError.self, "\(password)") {
                try store.setPassword(password, of: ada)
            }
        }
        #expect(throws: AccountError.self) { try store.setRoles(["Not a role"], of: ada) }
        #expect(store.account(ada)?.roles == ["editor"])
    }

    @Test("what another process writes is seen without a restart")
    func otherProcess() async throws {
        let other = try AccountStore(in: directory, hashing: .quick)
        let running = Task { await store.run { _ in } }
        let added = try other.add(ada, .person, roles: ["reader"])
        let token = try other.createToken("ci", of: ada)
        for _ in 0..<200 where store.tokens().isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(store.accounts == [added] && store.tokens() == [token.token])
        try other.revokeToken("ci", of: ada)
        for _ in 0..<200 where !store.tokens().isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(store.find(token: token.secret.text, from: nil) == .unknown)
        running.cancel()
        await running.value
    }

    @Test("no file holds a secret, and only the owner reads them")
    func secrecy() async throws {
        try store.add(ada, .person, roles: [], password: "correct horse")
        let secrets = [
            "correct horse", try store.createToken("ci", of: ada).secret.text,
            try store.openSession(for: ada, from: nil, browser: "").secret.text,
        ]
        try store.flush()
        for name in try scratch.names(in: "state") {
            let path = directory.file(name)
            let bytes = try Data(contentsOf: URL(filePath: path))
            for secret in secrets {
                let plain = secret.replacing(HandedSecret.tokenPrefix, with: "")
                #expect(bytes.range(of: Data(plain.utf8)) == nil, "\(name)")
            }
            #expect(try mode(of: path) & 0o077 == 0, "\(name)")
        }
    }
}
