import GRDB
import Registry
import Testing

@testable import StateStore

@Suite("Tokens and sessions")
struct AccessTokenTests {
    let scratch: ScratchDirectory
    let directory: StateDirectory
    let store: AccountStore
    let ada: AccountName
    let now = Timestamp.now

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
        store = try AccountStore(in: directory, hashing: .quick)
        ada = try #require(AccountName("ada"))
        try store.add(ada, .person, roles: ["editor"])
    }

    private func later(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: now.microseconds + seconds * 1_000_000)
    }

    @Test("a token is found with all that restricts it, also after a restart")
    func restart() throws {
        let scope = AccessScope(
            rights: [.read, .write], collections: ["devices", "craton/regions"],
            device: DocumentID("robot 1"))
        let networks = ["10.0.0.0/8", "fd00::/8"].compactMap(AddressBlock.init)
        let (token, secret) = try store.createToken(
            "night job", of: ada, scope: scope, networks: networks, expires: later(60), now: now)
        #expect(secret.text.hasPrefix("muster_") && secret.text.utf8.count == 71)
        let again = try AccountStore(in: directory, hashing: .quick)
        for store in [store, again] {
            func find(_ text: String, _ address: String?, _ time: Timestamp) -> String {
                switch store.find(token: text, from: address, now: time) {
                case .valid(let found, let account): "\(found.id) of \(account.name)"
                case .unknown: "unknown"
                case .expired(let found): "expired \(found.id)"
                case .disabled(let found): "disabled \(found.id)"
                case .elsewhere(let found): "elsewhere \(found.id)"
                }
            }
            #expect(store.tokens(of: ada) == [token])
            #expect(find(secret.text, "10.1.2.3", now) == "\(token.id) of ada")
            #expect(find(secret.text, "11.1.2.3", now) == "elsewhere \(token.id)")
            #expect(find(secret.text, nil, now) == "elsewhere \(token.id)")
            #expect(find(secret.text, "10.1.2.3", later(60)) == "expired \(token.id)")
            #expect(find(secret.text + "0", "10.1.2.3", now) == "unknown")
        }
    }

    @Test("a restriction that cannot be read is no way in")
    func unreadable() throws {
        let (_, secret) = try store.createToken(
            "ci", of: ada, networks: ["10.0.0.0/8"].compactMap(AddressBlock.init))
        try store.database.write {
            try $0.execute(sql: "UPDATE token SET networks = '10.0.0.0/99'")
        }
        let again = try AccountStore(in: directory, hashing: .quick)
        #expect(again.find(token: secret.text, from: "10.0.0.1") == .unknown)
    }

    @Test("a token is revoked by its id or by its name in the account")
    func revoke() throws {
        let ben = try #require(AccountName("ben"))
        try store.add(ben, .machine, roles: [])
        let first = try store.createToken("ci", of: ada)
        let second = try store.createToken("ci", of: ben)
        #expect(throws: AccountError.tokenExists("ci")) { try store.createToken("ci", of: ada) }
        #expect(throws: AccountError.unknownToken("ci")) { try store.revokeToken("ci", of: nil) }
        #expect(throws: AccountError.unknownToken(first.token.id)) {
            try store.revokeToken(first.token.id, of: ben)
        }
        try store.revokeToken("ci", of: ada)
        #expect(store.find(token: first.secret.text, from: nil) == .unknown)
        #expect(store.tokens() == [second.token])
        try store.revokeToken(second.token.id, of: nil)
        #expect(store.tokens().isEmpty)
    }

    @Test("the last use is kept to the minute, and survives a change by another process")
    func lastUse() throws {
        let (token, secret) = try store.createToken("ci", of: ada, now: now)
        #expect(token.lastUse == nil)
        for second in [0, 59, 61] as [Int64] {
            _ = store.find(token: secret.text, from: "192.0.2.1", now: later(second))
        }
        #expect(store.tokens().map(\.lastUse) == [later(61)])
        try store.flush(now: now)
        let again = try AccountStore(in: directory, hashing: .quick)
        #expect(again.tokens().map(\.lastUse) == [later(61)])
        #expect(again.tokens().map(\.lastAddress) == ["192.0.2.1"])
    }

    @Test("names, expiry in the past and accounts that are not there are refused")
    func refusals() throws {
        for name in ["", "a\nb", String(repeating: "x", count: 101)] {
            #expect(throws: AccountError.self) { try store.createToken(name, of: ada) }
        }
        #expect(throws: AccountError.self) {
            try store.createToken("ci", of: ada, expires: now, now: now)
        }
        let bob = try #require(AccountName("bob"))
        #expect(throws: AccountError.unknown(bob)) { try store.createToken("ci", of: bob) }
        #expect(store.tokens().isEmpty)
    }

    @Test("a session ends after twelve idle hours, and after seven days in any case")
    func sessionEnds() throws {
        let (secret, session) = try store.openSession(
            for: ada, from: "192.0.2.1", browser: "Browser\n1", now: now)
        #expect(session.browser == "Browser1")
        let hour: Int64 = 3_600
        #expect(store.session(secret.text, now: later(12 * hour)) == nil)
        for number in 1...15 as ClosedRange<Int64> {
            let found = store.session(secret.text, now: later(number * 11 * hour))
            #expect(found?.session.id == session.id && found?.account.name == ada, "\(number)")
        }
        #expect(store.session(secret.text, now: later(7 * 24 * hour)) == nil)
        #expect(store.sessions(of: ada, now: later(7 * 24 * hour)).isEmpty)
    }

    @Test("looking whether a session is there puts its end off only where that is a use")
    func sessionLooks() throws {
        let secret = try store.openSession(for: ada, from: nil, browser: "", now: now).secret
        let hour: Int64 = 3_600
        #expect(store.session(secret.text, isUse: false, now: later(11 * hour)) != nil)
        #expect(store.session(secret.text, now: later(12 * hour)) == nil)
    }

    @Test("a session survives a restart, and its end does too")
    func sessionRestart() throws {
        let (secret, session) = try store.openSession(for: ada, from: nil, browser: "")
        let other = try store.openSession(for: ada, from: nil, browser: "")
        try store.flush()
        let again = try AccountStore(in: directory, hashing: .quick)
        #expect(again.session(secret.text)?.session.id == session.id)
        try again.closeSession(secret.text)
        try again.closeSession(id: other.session.id, of: ada)
        #expect(again.session(secret.text) == nil && again.sessions(of: ada).isEmpty)
        let third = try AccountStore(in: directory, hashing: .quick)
        #expect(third.session(secret.text) == nil && third.sessions(of: ada).isEmpty)
    }

    @Test("no print of a secret shows it")
    func hidden() throws {
        let (_, secret) = try store.createToken("ci", of: ada)
        var dumped = ""
        dump(secret, to: &dumped)
        let plain = secret.text.dropFirst(HandedSecret.tokenPrefix.count)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains(plain))
        }
    }
}
