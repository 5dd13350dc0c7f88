import JSON
import Registry
import Testing

@testable import muster

@Suite("The upstream in settings and status")
struct UpstreamSettingTests {
    @Test("the address comes from the flag or its variable, the secret from its variable")
    func places() throws {
        let address = "https://ada:word@git.example.org/r.git"
        let settings = try Settings(
            flags: [:], environment: ["MUSTER_UPSTREAM": address, "MUSTER_WEBHOOK_SECRET": "s"])
        #expect(settings.upstream?.url == address)
        #expect(settings.webhookSecret == "s")
        let other = try Settings(
            flags: [.upstream: "git@host:r.git"], environment: ["MUSTER_UPSTREAM": address])
        #expect(other.upstream?.transport == .ssh)
        #expect(try Settings(flags: [:], environment: [:]).upstream == nil)
    }

    @Test("a folder is one of this machine, wherever git runs")
    func folder() throws {
        let settings = try Settings(flags: [.upstream: "hosted/r.git"], environment: [:])
        let upstream = try #require(settings.upstream)
        #expect(upstream.transport == .folder)
        #expect(upstream.url.hasPrefix("/") && upstream.url.hasSuffix("/hosted/r.git"))
    }

    @Test("an address that is none is refused, and not repeated: it may hold a password")
    func wrong() throws {
        let error = #expect(throws: Failure.self) {
            try Settings(flags: [.upstream: "ftp://ada:word@host/r"], environment: [:])
        }
        let text = try #require(error).message
        #expect(text.contains("--upstream") && !text.contains("word"))
    }

    private func lines(_ text: String) throws -> [String] {
        StatusCommand.lines(ofSync: try JSONValue(parsing: text, options: .document))
    }

    @Test("an upstream in step is one line")
    func inStep() throws {
        let text = #"{"upstream":"u","ahead":0,"behind":0,"last_sync":"T","conflicts":[]}"#
        #expect(try lines(text) == ["upstream u: in step, last in step T"])
        #expect(try lines(#"{"upstream":"u","ahead":null}"#) == ["upstream u: not reached yet"])
    }

    @Test("distance, trouble, conflicts and bad files are a line each")
    func trouble() throws {
        let text = """
            {"upstream":"u","ahead":2,"behind":1,"last_sync":null,"last_error":"away",
             "next_try":"N","rewound":{"from":"0123456789abcdef","to":"b","at":"T"},
             "conflicts":[{"path":"devices/a.json","pointer":"/address","ours":"x","theirs":1}],
             "problems":[{"path":"devices/b.json","reason":"Must be a string."}]}
            """
        #expect(
            try lines(text) == [
                "upstream u: 2 ahead, 1 behind",
                "no sync with the upstream, tried again at N: away",
                "the upstream was taken back from 0123456789ab to b; nothing of it is lost here",
                #"differs from the upstream, decide: devices/a.json /address: ours "x", theirs 1"#,
                "invalid in the upstream: devices/b.json: Must be a string.",
            ])
    }
}
