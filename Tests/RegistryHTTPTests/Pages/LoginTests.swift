import HTTPTypes
import Registry
import RegistryStore
import Testing

@testable import RegistryHTTP
@testable import StateStore

@Suite("Logins on the pages")
struct LoginTests {
    private static let password = "correct horse battery"
    private let server: ScratchCosServer
    private let accounts: AccountStore

    init() async throws {
        let mayRead = RoleRights(read: [.everything])
        let policy = Policy(roles: ["reader": mayRead, "operator": mayRead])
        server = try await ScratchCosServer(policy: policy) { accounts in
            for (name, role) in [("ada", "admin"), ("grace", "reader")] {
                let name = try #require(AccountName(name))
                try accounts.add(name, .person, roles: [role], password: Self.password)
            }
        }
        accounts = try #require(server.services.accounts)
    }

    private var keys: PageKeys { server.services.pageKeys }

    /// The name of the cookie of a login, by http.
    private func sessionName() async throws -> String {
        let fields = try await server.send(.get, "/login").headers[values: .setCookie]
        let name = try #require(fields.first?.prefix { $0 != "=" })
        return String(name).replacing("browser", with: "session")
    }

    private func session(of name: String) async throws -> (secret: String, cookie: String) {
        let account = try #require(AccountName(name))
        let secret = try accounts.openSession(for: account, from: nil, browser: "").secret.text
        return (secret, "\(try await sessionName())=\(secret)")
    }

    private func post(
        _ path: String, _ fields: String = "", session: (secret: String, cookie: String),
        headers: HTTPFields = [:]
    ) async throws -> ScratchCosServer.Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        headers[.cookie] = session.cookie
        headers[.accept] = "text/html"
        let code = keys.forms.code(for: .session(session.secret))
        return try await server.send(.post, path, "form-code=\(code)&\(fields)", headers: headers)
    }

    @Test("a page of accounts leads strangers to the login, and back")
    func strangers() async throws {
        for route in PagesDialect.accessRoutes where route.method == .get && route.path != "/login"
        {
            let path = route.path.replacing("<uid>", with: "ada")
            let answer = try await server.send(.get, path, headers: [.accept: "text/html"])
            #expect(answer.status == 303, "\(path)")
            let then = percentEncoded(path)
            #expect(answer["Location"] == "/login?then=\(then)")
        }
        let program = try await server.send(.get, "/account/")
        #expect(program.status == 401 && program["WWW-Authenticate"] != nil)
    }

    @Test(
        "every page, and every answer in its place, says what decides about it",
        arguments: ["/", "/overview", "/account/", "/nothing"])
    func varies(path: String) async throws {
        let session = try await session(of: "grace")
        let callers: [HTTPFields] = [
            [:], [.cookie: session.cookie], [.authorization: "Basic YWRhOmFkYQ=="],
            [.authorization: "Bearer muster_0"],
        ]
        for caller in callers {
            for type in ["text/html", "application/json"] {
                var headers = caller
                headers[.accept] = type
                let answer = try await server.send(.get, path, headers: headers)
                let words = answer.headers[values: .vary].joined(separator: ", ")
                let varies = Set(words.split(separator: ", "))
                #expect(
                    varies.isSuperset(of: ["Accept", "Authorization", "Cookie"]),
                    "\(answer.status) \(type): \(words)")
                let caching = answer["Cache-Control"] ?? ""
                #expect(answer.status != 401 || caching == "no-store", "\(caching)")
            }
        }
    }

    @Test("every form of accounts takes a login in this browser, which no token is")
    func forms() async throws {
        let name = try #require(AccountName("ada"))
        let token = try accounts.createToken("t", of: name).secret.text
        let visitor = PageCookies.newVisitor()
        let browser = try await sessionName().replacing("session", with: "browser")
        let code = keys.forms.code(for: .visitor(visitor))
        for route in PagesDialect.accessRoutes where route.method == .post && route.path != "/login"
        {
            let path = route.path.replacing("<uid>", with: "ada")
            var headers: HTTPFields = [
                .contentType: "application/x-www-form-urlencoded",
                .cookie: "\(browser)=\(visitor)", .accept: "text/html",
            ]
            let body = "form-code=\(code)&do=create&name=x&right=read&expires=7"
            let stranger = try await server.send(.post, path, body, headers: headers)
            #expect(stranger.status == 401, "\(path)")
            headers[.authorization] = "Bearer \(token)"
            let program = try await server.send(.post, path, body, headers: headers)
            #expect(program.status == 403, "\(path)")
        }
        #expect(accounts.tokens(of: name).count == 1)
    }

    @Test("the cookie counts on pages, and elsewhere for reading alone")
    func cookie() async throws {
        let session = try await session(of: "ada")
        let headers: HTTPFields = [.cookie: session.cookie]
        #expect(try await server.send(.get, "/overview", headers: headers).status == 200)
        #expect(try await server.send(.get, "/api/v1/devices/", headers: headers).status == 200)
        let body = #"{"uid":"robot-1","address":"10.0.0.1"}"#
        for (method, path) in [
            (HTTPRequest.Method.post, "/api/v1/devices/"),
            (.put, "/api/registry/v1/documents/devices/robot-1"),
        ] {
            let answer = try await server.send(method, path, body, headers: headers)
            #expect(answer.status == 401, "\(path)")
        }
        #expect(server.store.index.current.count(of: .devices) == 0)
    }

    @Test("a form that was shown before the login is not taken after it")
    func codes() async throws {
        let session = try await session(of: "ada")
        let code = keys.forms.code(for: .visitor("a"))
        let answer = try await server.send(
            .post, "/account/tokens", "form-code=\(code)",
            headers: [
                .cookie: session.cookie, .contentType: "application/x-www-form-urlencoded",
            ])
        #expect(answer.status == 403)
    }

    @Test("whoever came in by a password for one login gets nowhere before choosing another")
    func oneLogin() async throws {
        let name = try #require(AccountName("ada"))
        try accounts.setPassword("for one login", of: name, mustChange: true)
        let session = try await session(of: "ada")
        for path in ["/overview", "/accounts/", "/account/tokens"] {
            let answer = try await server.send(.get, path, headers: [.cookie: session.cookie])
            #expect(answer["Location"] == "/account/password", "\(path)")
        }
        let added = try await post("/accounts/", "account=mallory&kind=machine", session: session)
        #expect(added["Location"] == "/account/password")
        #expect(accounts.accounts.count == 2)
        let read = try await server.send(
            .get, "/api/v1/devices/", headers: [.cookie: session.cookie])
        #expect(read.status == 401)
    }

    @Test("readers manage no accounts, and administrators not the last way to their own")
    func administrators() async throws {
        let grace = try await session(of: "grace")
        let denied = try await post("/accounts/grace", "do=roles&roles=admin", session: grace)
        #expect(denied.status == 403)
        let ada = try await session(of: "ada")
        for fields in ["do=disable", "do=remove", "do=password", "do=roles&roles=reader"] {
            let answer = try await post("/accounts/ada", fields, session: ada)
            #expect(answer.status == 409, "\(fields)")
        }
        let raised = try await post("/accounts/grace", "do=roles&roles=admin", session: ada)
        #expect(raised.status == 200)
        let administrators = accounts.accounts.filter(\.isAdministrator)
        #expect(administrators.count == 2)
    }

    @Test("the pages of accounts name the roles of the policy")
    func knownRoles() async throws {
        let session = try await session(of: "ada")
        for path in ["/accounts/", "/accounts/ada"] {
            let page = try await server.send(.get, path, headers: [.cookie: session.cookie])
            let named = ["admin", "editor", "operator", "reader"].filter {
                page.body.contains("<code><bdi>\($0)</bdi></code>")
            }
            #expect(named == ["admin", "operator", "reader"], "\(path)")
        }
    }

    @Test("whom nobody lets read sees nothing of the registry around a message")
    func messages() async throws {
        let name = try #require(AccountName("grace"))
        try accounts.setRoles([], of: name)
        let session = try await session(of: "grace")
        let head = try #require(server.store.index.current.commit).description.prefix(8)
        for path in ["/account/", "/overview", "/nowhere"] {
            let page = try await server.send(
                .get, path, headers: [.cookie: session.cookie, .accept: "text/html"])
            #expect(page.body.contains("Log out"), "\(path)")
            #expect(!page.body.contains(head) && !page.body.contains("Repository"), "\(path)")
        }
    }
}
