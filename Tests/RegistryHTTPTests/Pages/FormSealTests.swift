import HTTPTypes
import Testing

@testable import RegistryHTTP

@Suite("Codes of forms")
struct FormSealTests {
    private let seal = FormSeal(Array("a key of the server".utf8))

    @Test("a code is taken from the browser that it was made for, and from no other")
    func browsers() {
        let code = seal.code(for: .visitor("a"))
        #expect(seal.accepts(code, from: .visitor("a")))
        #expect(!seal.accepts(code, from: .visitor("b")))
        #expect(!seal.accepts(code, from: .session("a")))
    }

    @Test("a code holds after a restart with the same key, and never with another")
    func keys() {
        let code = seal.code(for: .session("a"))
        #expect(FormSeal(Array("a key of the server".utf8)).accepts(code, from: .session("a")))
        #expect(!FormSeal(Array("another key".utf8)).accepts(code, from: .session("a")))
    }

    @Test("no code is shown twice, so that its compressed length tells nothing")
    func masks() {
        let codes = (0..<100).map { _ in seal.code(for: .visitor("a")) }
        #expect(Set(codes).count == 100)
        #expect(codes.allSatisfy { seal.accepts($0, from: .visitor("a")) })
    }

    @Test(
        "no other text is a code",
        arguments: ["", "00", String(repeating: "0", count: 128), "x", "é"])
    func garbage(text: String) { #expect(!seal.accepts(text, from: .visitor("a"))) }
}

@Suite("Forms that are sent to the pages")
struct FormProtectionTests {
    private let server: ScratchCosServer
    init() async throws { server = try await ScratchCosServer() }

    /// The cookie that a page gives a browser.
    private func cookie() async throws -> String {
        let fields = try await server.send(.get, "/overview").headers[values: .setCookie]
        return String(try #require(fields.first).prefix { $0 != ";" })
    }

    private func post(_ path: String, code: String?, cookie: String?) async throws -> Int {
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        headers[.cookie] = cookie
        let body = code.map { "form-code=\($0)" } ?? ""
        return try await server.send(.post, path, body, headers: headers).status
    }

    @Test("every route that a form is sent to refuses one that this browser was not shown")
    func everyRoute() async throws {
        let cookie = try await cookie()
        let visitor = String(cookie.drop { $0 != "=" }.dropFirst())
        let keys = server.services.pageKeys
        let code = keys.forms.code(for: .visitor(visitor))
        let other = keys.forms.code(for: .visitor(PageCookies.newVisitor()))
        let routes = PagesDialect.routes.filter { $0.method == .post }
        #expect(routes.count >= 9)
        for route in routes {
            let path = route.path.replacing("<uid>", with: "1")
            for (sent, name) in [(nil, cookie), (other, cookie), (code, nil), ("", cookie)] {
                let status = try await post(path, code: sent, cookie: name)
                #expect(status == 403, "\(path)")
            }
            let status = try await post(path, code: code, cookie: cookie)
            #expect(status != 403, "\(path)")
        }
    }

    @Test("what is refused is told in a page that says what to do")
    func page() async throws {
        let headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let answer = try await server.send(
            .post, "/repository/edits/commit", "path=x", headers: headers)
        #expect(answer.status == 403 && answer.body.contains("load the page again"))
    }

    @Test("a browser keeps the mark that it has")
    func marks() async throws {
        let cookie = try await cookie()
        let again = try await server.send(.get, "/overview", headers: [.cookie: "a=b; \(cookie)"])
        #expect(again.headers[.setCookie] == nil)
        let short = try await server.send(.get, "/overview", headers: [.cookie: cookie + "x"])
        #expect(short.headers[.setCookie] != nil)
    }
}

@Suite("Where a login leads")
struct LocalPathTests {
    @Test("to a page of this server", arguments: ["/", "/devices/?q=a%20b&at=v1", "/overview"])
    func local(path: String) { #expect(LocalPath(path)?.description == path) }

    @Test(
        "never to another host, however it is written",
        arguments: [
            "", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
            "/\n/evil.example", "\t//evil.example", "https://evil.example", "https:/evil.example",
            "evil.example", "javascript:alert(1)", "%2F%2Fevil.example", "/ /evil.example",
            "/\u{e9}", "/\r\nSet-Cookie: a=b", "/\u{0}/evil", "///evil.example", "/a\\b",
            "/" + String(repeating: "a", count: 2_000),
        ])
    func elsewhere(path: String) { #expect(LocalPath(path) == nil) }
}
