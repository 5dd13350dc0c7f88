import Registry
import Testing

@testable import StateStore

@Suite("Waiting after failed logins")
struct LoginLimiterTests {
    let limiter = LoginLimiter()
    let ada: AccountName
    let ben: AccountName
    let start = ContinuousClock.now

    init() throws {
        ada = try #require(AccountName("ada"))
        ben = try #require(AccountName("ben"))
    }

    private func fail(
        _ times: Int, _ account: AccountName, from address: String,
        at now: ContinuousClock.Instant? = nil
    ) {
        for _ in 0..<times { _ = limiter.begin(account, from: address, now: now ?? start) }
    }

    @Test("five failures are free, then each doubles the wait up to five minutes")
    func growth() {
        fail(5, ada, from: "192.0.2.1")
        var now = start
        for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            #expect(limiter.begin(ada, from: "192.0.2.1", now: now) == expected)
            now += .seconds(expected)
            #expect(limiter.begin(ada, from: "192.0.2.1", now: now) == nil)
        }
    }

    @Test("who waits does so from the end of an attempt that took long")
    func slowAttempt() {
        fail(5, ada, from: "192.0.2.1")
        let end = start + .seconds(10)
        limiter.fail(ada, from: "192.0.2.1", now: end)
        #expect(limiter.begin(ada, from: "192.0.2.1", now: end) == 1)
    }

    @Test("an attempt that was not tried leaves nothing behind")
    func withdrawn() {
        for _ in 0..<50 {
            #expect(limiter.begin(ada, from: "192.0.2.1", now: start) == nil)
            limiter.withdraw(ada, from: "192.0.2.1")
        }
    }

    @Test("an hour without a failure is forgiven")
    func forgiven() {
        fail(9, ada, from: "192.0.2.1")
        let later = start + .seconds(3_601)
        for _ in 0..<5 { #expect(limiter.begin(ada, from: "192.0.2.1", now: later) == nil) }
        #expect(limiter.begin(ada, from: "192.0.2.1", now: later) == 1)
    }

    @Test("the right password is free, and wipes out the failures before it")
    func success() {
        fail(4, ada, from: "192.0.2.1")
        for _ in 0..<50 {
            #expect(limiter.begin(ada, from: "192.0.2.1", now: start) == nil)
            limiter.succeed(ada, from: "192.0.2.1", now: start)
        }
    }

    @Test("a flood from everywhere leaves the owner of the account a first try from anywhere")
    func flood() {
        for number in 0..<300 { fail(5, ada, from: "198.51.\(number / 200).\(number % 200)") }
        #expect(limiter.begin(ada, from: "192.0.2.1", now: start) == nil)
        #expect(limiter.begin(ada, from: "192.0.2.1", now: start) != nil, "but not five")
        #expect(limiter.begin(ben, from: "192.0.2.2", now: start) == nil, "others do not notice")
    }

    @Test("an address that was logged in from keeps its five tries in a flood")
    func knownInFlood() {
        _ = limiter.begin(ada, from: "192.0.2.1", now: start)
        limiter.succeed(ada, from: "192.0.2.1", now: start)
        for number in 0..<100 { fail(5, ada, from: "198.51.100.\(number)") }
        for _ in 0..<5 { #expect(limiter.begin(ada, from: "192.0.2.1", now: start) == nil) }
    }

    @Test("one address that guesses at many accounts waits at all of them, but where it was let in")
    func manyAccounts() throws {
        _ = limiter.begin(ben, from: "192.0.2.1", now: start)
        limiter.succeed(ben, from: "192.0.2.1", now: start)
        for number in 0..<20 {
            fail(1, try #require(AccountName("name\(number)")), from: "192.0.2.1")
        }
        #expect(limiter.begin(ada, from: "192.0.2.1", now: start) != nil)
        #expect(limiter.begin(ben, from: "192.0.2.1", now: start) == nil)
        #expect(limiter.begin(ada, from: "192.0.2.2", now: start) == nil)
    }

    @Test("addresses of one /64 count as one, and of two as two")
    func networks() {
        for number in 0..<5 { fail(1, ada, from: "2001:db8:0:1::\(number)") }
        #expect(limiter.begin(ada, from: "2001:db8:0:1:ffff::9", now: start) != nil)
        #expect(limiter.begin(ada, from: "2001:db8:0:2::1", now: start) == nil)
        fail(5, ben, from: "192.0.2.9")
        #expect(limiter.begin(ben, from: "::ffff:192.0.2.9", now: start) != nil)
    }

    @Test("wrong tokens count for their address")
    func tokens() {
        for _ in 0..<20 { #expect(limiter.noteWrongToken(from: "192.0.2.1", now: start) == nil) }
        #expect(limiter.noteWrongToken(from: "192.0.2.1", now: start) == 1)
        #expect(limiter.begin(ada, from: "192.0.2.1", now: start) == 1)
        #expect(limiter.noteWrongToken(from: "192.0.2.2", now: start) == nil)
    }
}
