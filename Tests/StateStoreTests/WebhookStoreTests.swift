import Registry
import Testing

@testable import StateStore

@Suite("Endpoints of webhooks")
struct WebhookStoreTests {
    let scratch: ScratchDirectory
    let directory: StateDirectory
    let webhooks: WebhookStore

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
        webhooks = try WebhookStore(in: directory)
    }

    private func add(_ secret: WebhookSecret = WebhookSecret()) throws -> WebhookEndpoint {
        try webhooks.add(
            url: "https://example.org/hook", description: "", collections: ["devices"],
            secret: secret, position: nil)
    }

    private func time(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: seconds * 1_000_000)
    }

    @Test("messages are signed as the standard's own example is")
    func signature() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(
        "what is no secret is refused",
        arguments: ["", "whsec_", "whsec_AAAA", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    func noSecret(text: String) { #expect(WebhookSecret(text) == nil) }

    @Test("an endpoint and its secret survive a restart")
    func restart() throws {
        let secret = WebhookSecret()
        let endpoint = try add(secret)
        webhooks.close()
        let again = try WebhookStore(in: directory)
        #expect(try again.endpoints() == [endpoint])
        #expect(try again.secrets(of: endpoint.id) == [secret])
    }

    @Test("for a day the old secret signs too")
    func newSecret() throws {
        let (old, new) = (WebhookSecret(), WebhookSecret())
        let endpoint = try add(old)
        try webhooks.replaceSecret(of: endpoint.id, by: new, now: time(0))
        #expect(try webhooks.secrets(of: endpoint.id, now: time(86_399)) == [new, old])
        #expect(try webhooks.secrets(of: endpoint.id, now: time(86_400)) == [new])
    }

    @Test("a message and the place behind it are one step; messages wait for those before them")
    func order() throws {
        let endpoint = try add()
        let commit = Revision(blobOf: [1])
        let first = try webhooks.enqueue([1], type: "t", for: endpoint.id, reaching: commit)
        let second = try webhooks.enqueue([2], type: "t", for: endpoint.id, reaching: nil)
        #expect(try webhooks.endpoint(endpoint.id)?.position == commit)
        let attempt = WebhookAttempt(date: time(5), status: 500, error: nil, milliseconds: 7)
        try webhooks.note(attempt, of: first, state: .pending, nextAttempt: time(99))
        let waiting = try #require(try webhooks.firstPending(for: endpoint.id))
        #expect(waiting.id == first.id && waiting.attempts == [attempt])
        #expect(waiting.nextAttempt == time(99) && waiting.payload == [1])
        try webhooks.note(attempt, of: first, state: .delivered, nextAttempt: nil)
        #expect(try webhooks.firstPending(for: endpoint.id)?.id == second.id)
        #expect(try webhooks.delivery(first.id, of: endpoint.id)?.attempts.count == 2)
        #expect(
            try webhooks.deliveries(of: endpoint.id, limit: 5).map(\.id) == [second.id, first.id])
        #expect(
            try webhooks.deliveries(of: endpoint.id, before: second.id, limit: 5).map(\.id) == [
                first.id
            ])
        #expect(try webhooks.sendAgain(first.id, of: endpoint.id))
        #expect(try webhooks.firstPending(for: endpoint.id)?.id == first.id)
        #expect(try !webhooks.sendAgain(first.id, of: "another"))
        #expect(try webhooks.pendingCount() == 2)
        #expect(try webhooks.remove(endpoint.id))
        #expect(try webhooks.pendingCount() == 0 && webhooks.endpoints().isEmpty)
        #expect(try !webhooks.remove(endpoint.id))
    }

    @Test("the log keeps the newest thousand, and all that wait")
    func bounded() throws {
        let endpoint = try add()
        let kept = WebhookStore.keptDeliveries
        var ids: [String] = []
        for number in 0..<kept + 3 {
            let made = try webhooks.enqueue([], type: "t", for: endpoint.id, reaching: nil)
            ids.append(made.id)
            guard number != 0 else { continue }
            let attempt = WebhookAttempt(date: time(0), status: 200, error: nil, milliseconds: 1)
            try webhooks.note(attempt, of: made, state: .delivered, nextAttempt: nil)
        }
        let left = try webhooks.deliveries(of: endpoint.id, limit: 2 * kept).map(\.id)
        #expect(
            left
                == Array(
                    (ids.suffix(kept) + [ids[0]].filter { !ids.suffix(kept).contains($0) }).sorted {
                        ids.firstIndex(of: $0) ?? 0 > ids.firstIndex(of: $1) ?? 0
                    }))
    }
}
