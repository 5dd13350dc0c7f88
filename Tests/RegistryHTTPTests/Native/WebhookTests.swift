import HTTPTypes
import Registry
import Testing

@testable import RegistryHTTP

@Suite("Webhooks of git hosts")
struct WebhookTests {
    private static let secret = "It's a Secret to Everybody"
    private static let body = Array("Hello, World!".utf8)
    /// From GitHub's documentation of `X-Hub-Signature-256`.
    private static let code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    private func isSigned(
        _ fields: [(String, String)], body: [UInt8] = Self.body, secret: String = Self.secret,
        now: Int = 1_700_000_000
    ) throws -> Bool {
        Webhook(fields: try Self.fields(fields), body: body).isSigned(with: secret, now: now)
    }

    private static func fields(_ pairs: [(String, String)]) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs { fields[try #require(HTTPField.Name(name))] = value }
        return fields
    }

    @Test("each host's way to sign is known")
    func signed() throws {
        #expect(try isSigned([("X-Hub-Signature-256", "sha256=" + Self.code)]))
        #expect(try isSigned([("X-Hub-Signature-256", "sha256=" + Self.code.uppercased())]))
        #expect(try isSigned([("X-Gitea-Signature", Self.code)]))
        #expect(try isSigned([("X-Gitlab-Token", Self.secret)]))
    }

    private static let unsigned: [(String, String)] = [
        ("X-Hub-Signature-256", ""), ("X-Hub-Signature-256", code),
        ("X-Hub-Signature-256", "sha1=" + code), ("X-Hub-Signature-256", "sha256="),
        ("X-Hub-Signature-256", "sha256=" + code.dropLast()),
        ("X-Hub-Signature-256", "sha256=0" + code.dropFirst()),
        ("X-Gitea-Signature", "sha256=" + code), ("X-Gitea-Signature", "x" + code.dropFirst()),
        ("X-Gitlab-Token", ""), ("X-Gitlab-Token", secret + "x"), ("X-Other", secret),
    ]

    @Test("what is not signed with the secret is refused", arguments: unsigned)
    func isRefused(name: String, value: String) throws {
        #expect(try !isSigned([(name, value)]))
    }

    @Test("a changed body and another secret are refused")
    func changed() throws {
        let fields = [("X-Hub-Signature-256", "sha256=" + Self.code)]
        #expect(try !isSigned(fields, body: Self.body + [10]))
        #expect(try !isSigned(fields, secret: Self.secret + " "))
    }

    /// The example of the Standard Webhooks specification.
    private static let standard = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ]
    private static let standardBody = Array(#"{"test": 2432232314}"#.utf8)
    private static let standardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test(
        "Standard Webhooks are known, one of several signatures is enough, and old ones are refused"
    )
    func standardWebhooks() throws {
        func isFine(_ fields: [(String, String)], now: Int) throws -> Bool {
            try isSigned(fields, body: Self.standardBody, secret: Self.standardSecret, now: now)
        }
        #expect(try isFine(Self.standard, now: 1_614_265_330))
        #expect(try isFine(Self.standard, now: 1_614_265_030))
        #expect(try !isFine(Self.standard, now: 1_614_265_631))
        #expect(try !isFine(Self.standard, now: 1_614_265_029))
        var fields = Self.standard
        fields[2].1 = "v1,AAAA v2,x " + fields[2].1
        #expect(try isFine(fields, now: 1_614_265_330))
        fields[0].1 += "x"
        #expect(try !isFine(fields, now: 1_614_265_330))
        #expect(try !isFine(Array(Self.standard.dropFirst()), now: 1_614_265_330))
    }

    private struct Case: Sendable {
        let name: String
        let event: String
        let body: String
        let meaning: Webhook.Meaning

        init(_ name: String, _ event: String, _ body: String, _ meaning: Webhook.Meaning) {
            self.name = name
            self.event = event
            self.body = body
            self.meaning = meaning
        }
    }

    private static let cases: [Case] = [
        Case("X-GitHub-Event", "push", #"{"ref":"refs/heads/main"}"#, .change),
        Case("X-Gitea-Event", "push", #"{"ref":"refs/heads/main"}"#, .change),
        Case("X-Forgejo-Event", "push", "payload=%7B", .change),
        Case("X-Gitlab-Event", "Push Hook", #"{"ref":"refs/heads/main"}"#, .change),
        Case("X-GitHub-Event", "push", #"{"ref":"refs/heads/other"}"#, .other),
        Case("X-GitHub-Event", "push", #"{"ref":"refs/tags/main"}"#, .other),
        Case(
            "X-GitHub-Event", "pull_request",
            #"{"action":"closed","pull_request":{"merged":true}}"#, .change),
        Case(
            "X-GitHub-Event", "pull_request",
            #"{"action":"closed","pull_request":{"merged":false}}"#, .other),
        Case("X-GitHub-Event", "pull_request", #"{"action":"opened"}"#, .other),
        Case(
            "X-Gitlab-Event", "Merge Request Hook",
            #"{"object_attributes":{"action":"merge"}}"#, .change),
        Case(
            "X-Gitlab-Event", "Merge Request Hook",
            #"{"object_attributes":{"action":"open"}}"#, .other),
        Case("X-GitHub-Event", "ping", "{}", .greeting),
        Case("X-GitHub-Event", "issues", "{}", .other),
        Case("X-Other", "push", "{}", .other),
    ]

    @Test("pushes to the branch and merged requests ask for a sync, all else does not")
    func meanings() throws {
        for row in Self.cases {
            let fields = try Self.fields([(row.name, row.event)])
            let webhook = Webhook(fields: fields, body: Array(row.body.utf8))
            #expect(webhook.meaning(forBranch: "main") == row.meaning, "\(row.event) \(row.body)")
        }
    }

    @Test(
        "base64 is read as RFC 4648 says",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar"),
        ])
    func base64(text: String, plain: String) {
        #expect(base64Bytes(text.utf8, allowsSpace: false) == Array(plain.utf8))
    }

    @Test(
        "what is no base64 is none", arguments: ["Z", "Zg", "Zg=", "====", "Zm9-", "Z===", "Zm 9"])
    func noBase64(text: String) { #expect(base64Bytes(text.utf8, allowsSpace: false) == nil) }
}
