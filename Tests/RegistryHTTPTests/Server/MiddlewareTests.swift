import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Registry
import Testing

@testable import RegistryHTTP

/// One request to a server, in process or, where the peer's address matters, by a port.
private func answer(
    _ uri: String, _ method: HTTPRequest.Method = .get, _ headers: HTTPFields = [:],
    from configuration: ServerConfiguration = ServerConfiguration(host: "127.0.0.1", port: 0),
    by setup: TestingSetup = .router
) async throws -> (status: Int, headers: HTTPFields, body: String) {
    let application = ScratchServer(configuration: configuration).application()
    return try await application.test(setup) { client in
        let response = try await client.executeRequest(
            uri: uri, method: method, headers: headers, body: nil)
        return (response.status.code, response.headers, String(buffer: response.body))
    }
}

@Suite("Answers outside every dialect")
struct UnknownPathTests {
    @Test("an unknown path is 404 in the server's own shape")
    func unknown() async throws {
        let response = try await answer("/nothing/here")
        #expect(response.status == 404)
        #expect(response.body == #"{"message": "Not Found", "status": 404}"#)
        #expect(response.headers[.contentType] == "application/json")
    }

    @Test(
        "the root is a page for those that accept HTML, and unknown to all others",
        arguments: [
            ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", 200), ("Text/HTML;q=0.9", 200),
            ("*/*", 404), ("application/json", 404), ("text/*", 404),
        ])
    func root(accept: String, status: Int) async throws {
        let response = try await answer("/", .get, [.accept: accept])
        #expect(response.status == status)
    }
}

@Suite("Errors that no dialect handles")
struct ErrorAnswerTests {
    @Test(
        "each has its status",
        arguments: [
            ("/echo/surprise", 500, nil), ("/echo/busy", 503, "1"), ("/echo/full", 507, nil),
            ("/echo/edited", 409, nil),
        ] as [(String, Int, String?)])
    func status(path: String, status: Int, retryAfter: String?) async throws {
        let response = try await answer(path, .get, [.requestID: "abc-1"])
        #expect(response.status == status)
        #expect(response.headers[.retryAfter] == retryAfter)
        #expect(response.body.contains("\"status\": \(status), \"request_id\": \"abc-1\"}"))
    }

    @Test("what nobody expected is not told to the client")
    func surprise() async throws {
        #expect(!(try await answer("/echo/surprise").body.contains("Surprise")))
    }
}

@Suite("Request ids")
struct RequestIDTests {
    @Test("a sane one is kept and repeated")
    func kept() async throws {
        let response = try await answer("/echo/context", .get, [.requestID: "trace-1.2:3_4"])
        #expect(response.headers[.requestID] == "trace-1.2:3_4")
    }

    @Test(
        "others are replaced",
        arguments: ["", "a b", "<script>", String(repeating: "a", count: 129)])
    func replaced(id: String) async throws {
        let response = try await answer("/echo/context", .get, [.requestID: id])
        let given = try #require(response.headers[.requestID])
        #expect(given != id)
        #expect(given.utf8.count >= 16)
    }
}

@Suite("Security fields")
struct SecurityFieldTests {
    @Test("every answer has them, a page has its policy too")
    func everywhere() async throws {
        let data = try await answer("/nothing").headers
        #expect(data[.xContentTypeOptions] == "nosniff")
        #expect(data[knownName("X-Frame-Options")] == "DENY")
        #expect(data[knownName("Referrer-Policy")] == "same-origin")
        #expect(data[knownName("Cross-Origin-Opener-Policy")] == "same-origin")
        #expect(data[.contentSecurityPolicy] == nil)
        let page = try await answer("/", .get, [.accept: "text/html"]).headers
        #expect(page[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    }
}

@Suite("HEAD")
struct HeadTests {
    @Test("is GET without the body")
    func head() async throws {
        let response = try await answer("/healthz", .head)
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
        #expect(response.headers[.contentLength] == "3")
    }
}

@Suite("Conditional requests")
struct ConditionalTests {
    @Test(
        "If-None-Match",
        arguments: [
            ("\"v1\"", 304), ("W/\"v1\"", 304), ("\"a\", \"v1\"", 304), ("*", 304),
            ("\"v2\"", 200), ("v1", 200), ("\"v1", 200), ("", 200),
        ])
    func ifNoneMatch(field: String, status: Int) async throws {
        #expect(try await answer("/echo/tagged", .get, [.ifNoneMatch: field]).status == status)
    }

    @Test(
        "If-Match",
        arguments: [
            ("\"v1\"", 200), ("*", 200), ("\"a\", \"v1\"", 200), ("W/\"v1\"", 412),
            ("\"v2\"", 412), ("v1", 412),
        ])
    func ifMatch(field: String, status: Int) async throws {
        #expect(try await answer("/echo/tagged", .get, [.ifMatch: field]).status == status)
    }

    @Test(
        "the tag of the compressed answer is as good, and a 304 repeats what the client named",
        arguments: [
            ("\"v1-gzip\"", "\"v1-gzip\""), ("W/\"v1\"", "\"v1\""), ("*", "\"v1\""),
            ("\"v1-gzip-gzip\"", nil), ("\"v1-gz\"", nil),
        ])
    func compressedTag(field: String, tag: String?) async throws {
        let response = try await answer("/echo/tagged", .get, [.ifNoneMatch: field])
        #expect(response.status == (tag == nil ? 200 : 304))
        #expect(response.headers[.eTag] == tag)
        let write = try await answer("/echo/tagged", .get, [.ifMatch: "\"v1-gzip\""])
        #expect(write.status == 200)
    }
}

@Suite("Behind a proxy")
struct ProxyTests {
    private static let https: HTTPFields = [
        knownName("X-Forwarded-Proto"): "https", knownName("X-Forwarded-Host"): "evil.example",
        knownName("X-Forwarded-For"): "198.51.100.7",
    ]

    @Test("by default a peer on this machine is believed about the scheme, and nothing else")
    func loopback() async throws {
        let body = try await answer("/echo/context", .get, Self.https, by: .live).body
        #expect(body.hasPrefix("https://localhost"))
        #expect(!body.contains("198.51.100.7"))
    }

    @Test("where proxies are named, others are believed nothing")
    func untrusted() async throws {
        let proxies = ["10.0.0.0/8"].compactMap(AddressBlock.init)
        let configuration = ServerConfiguration(port: 0, trustedProxies: proxies)
        let body = try await answer(
            "/echo/context", .get, Self.https, from: configuration, by: .live
        ).body
        #expect(body.hasPrefix("http://localhost"))
    }

    @Test("a named proxy is believed all")
    func trusted() async throws {
        let configuration = ServerConfiguration(
            port: 0, allowedHosts: ["evil.example"], trustedProxies: AddressBlock.loopback)
        let body = try await answer(
            "/echo/context", .get, Self.https, from: configuration, by: .live
        ).body
        #expect(body == "https://evil.example GET 198.51.100.7")
    }

    @Test("a forwarded host is held to the allow-list")
    func forwardedHost() async throws {
        let configuration = ServerConfiguration(port: 0, trustedProxies: AddressBlock.loopback)
        let status = try await answer(
            "/echo/context", .get, Self.https, from: configuration, by: .live
        ).status
        #expect(status == 400)
    }

    @Test("the path prefix comes off, and links have it", arguments: ["/registry", ""])
    func prefix(sent: String) async throws {
        let configuration = ServerConfiguration(port: 0, pathPrefix: "registry/")
        let response = try await answer("\(sent)/echo/context", from: configuration)
        #expect(response.status == 200)
        #expect(response.body.contains("/registry GET"))
    }

    @Test("a path that only begins like the prefix is another path")
    func otherPath() async throws {
        let configuration = ServerConfiguration(port: 0, pathPrefix: "/registry")
        #expect(try await answer("/registryecho/context", from: configuration).status == 404)
    }

    @Test("links start with the public URL")
    func publicURL() async throws {
        let configuration = ServerConfiguration(
            port: 0, publicURL: PublicURL("https://registry.example.org/base/"))
        let body = try await answer("/echo/context", from: configuration).body
        #expect(body.hasPrefix("https://registry.example.org/base GET"))
    }

    @Test(
        "addresses and their blocks",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.0/25", "192.0.2.127", true), ("192.0.2.0/25", "192.0.2.128", false),
            ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("0.0.0.0/0", "198.51.100.1", true),
            ("0.0.0.0/0", "::1", false), ("10.0.0.0/8", "nonsense", false),
        ])
    func blocks(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressBlock(block)).contains(address) == isInside)
    }

    @Test(
        "what is no block",
        arguments: ["", "10.0.0", "10.0.0.0/33", "::/129", "a/8", "10.0.0.0/-1"])
    func noBlock(text: String) { #expect(AddressBlock(text) == nil) }
}

@Suite("The host allow-list")
struct HostAllowListTests {
    @Test(
        "lets through what is ours",
        arguments: [
            ("localhost", true), ("localhost:8443", true), ("LOCALHOST.", true),
            ("a.localhost", true),
            ("127.0.0.1:8000", true), ("127.9.9.9", true), ("[::1]:8000", true), ("0.0.0.0", true),
            ("registry.example.org", true), ("other.example.org", false), ("a.example.net", true),
            ("example.net", true), ("badexample.net", false), ("public.example.com:9", true),
            ("evil.example", false), ("192.0.2.1", false), ("", false), ("a b", false),
            ("localhost:port", false), ("localhost:99999", false), ("[::1", false),
            ("user@localhost", false), ("localhost/x", false), ("192.0.2.77", true),
        ])
    func table(host: String, isAllowed: Bool) {
        let list = HostAllowList(
            ServerConfiguration(
                host: "0.0.0.0", allowedHosts: ["Registry.example.org", ".example.net"],
                publicURL: PublicURL("https://public.example.com/x")))
        let allows = Authority(host).map { list.allows($0, on: "192.0.2.77") } ?? false
        #expect(allows == isAllowed)
    }

    @Test("a star lets every name through")
    func star() throws {
        let list = HostAllowList(ServerConfiguration(allowedHosts: ["*"]))
        #expect(list.allows(try #require(Authority("any.example"))))
    }

    @Test("refuses with the field's value, in the shape that the client accepts")
    func refusal() async throws {
        try await ScratchServer().run { port, _ in
            let json = try RawConnection(port: port)
            try await json.send("GET /echo/context HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            let answer = try await json.read(until: "}")
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains(#"{"detail":"Invalid HTTP_HOST header: 'evil.example'. "#))

            let page = try RawConnection(port: port)
            try await page.send(
                "GET / HTTP/1.1\r\nHost: \"<b>\r\nAccept: text/html\r\n\r\n")
            let html = try await page.read(until: "</p>")
            #expect(html.hasPrefix("HTTP/1.1 400 "))
            #expect(html.contains("&lt;b&gt;") && !html.contains("<b>"))
        }
    }

    @Test("probes by address are answered whatever the host")
    func probes() async throws {
        try await ScratchServer().run { port, _ in
            let probe = try RawConnection(port: port)
            try await probe.send("GET /healthz HTTP/1.1\r\nHost: 192.0.2.9:8000\r\n\r\n")
            #expect(try await probe.read(until: "ok\n").hasPrefix("HTTP/1.1 200 "))
        }
    }
}
