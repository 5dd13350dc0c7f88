import Foundation
import HTTPTypes
import JSON
import Registry
import RegistryStore
import StateStore
import Testing

@testable import RegistryHTTP

@Suite("Who sends a request")
struct AuthenticationTests {
    static let access = "/api/registry/v1/access"
    let ada: AccountName

    init() throws { ada = try #require(AccountName("ada")) }

    private func server() async throws -> ScratchCosServer {
        try await ScratchCosServer { [ada] accounts in
            try accounts.add(ada, .person, roles: ["editor"], password: "pass: word 1")
        }
    }

    private func basic(_ name: String, _ password: String) -> HTTPFields {
        [.authorization: "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()]
    }

    @Test("without accounts nobody is asked, whatever they show")
    func open() async throws {
        let server = try await ScratchCosServer()
        for field in [nil, "Bearer nonsense", "Basic %", "bearer abc"] as [String?] {
            var headers = HTTPFields()
            headers[.authorization] = field
            let answer = try await server.send(.get, Self.access, headers: headers)
            #expect(answer.status == 200 && answer.json["open"] == .bool(true))
        }
        #expect(try await server.send(.get, Self.access + "/tokens").status == 409)
    }

    @Test("on a network a server without accounts takes all for strangers")
    func network() async throws {
        let server = try await ScratchCosServer(
            configuration: ServerConfiguration(host: "0.0.0.0", allowedHosts: ["*"]))
        let answer = try await server.send(.get, Self.access)
        #expect(answer.json["open"] == .bool(false) && answer.json["account"] == .null)
    }

    @Test(
        "only loopback addresses are of the own machine alone",
        arguments: [
            ("127.0.0.1", true), ("::1", true), ("localhost", true), ("127.8.8.8", true),
            ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("example.org", false),
            ("", false), ("127.0.0.1.example.org", false),
        ])
    func loopback(host: String, isOwn: Bool) {
        #expect(ServerConfiguration(host: host).asksNobodyWithoutAccounts == isOwn)
        #expect(ServerConfiguration(host: host, isOpen: true).asksNobodyWithoutAccounts)
    }

    @Test("a password, a token and a token as the password of its account tell who it is")
    func ways() async throws {
        let server = try await server()
        let accounts = try #require(server.services.accounts)
        let scope = AccessScope(rights: [.read], device: DocumentID("robot-1"))
        let secret = try accounts.createToken("ci", of: ada, scope: scope).secret.text
        let ways: [(HTTPFields, String)] = [
            (basic("ada", "pass: word 1"), "password"), (basic("ada", secret), "token"),
            ([.authorization: "Bearer \(secret)"], "token"),
            ([.authorization: "bearer   \(secret)"], "token"),
        ]
        for (headers, way) in ways {
            let answer = try await server.send(.get, Self.access, headers: headers)
            #expect(answer.json["account"] == .text("ada"), "\(answer.body)")
            #expect(answer.json["way"] == .text(way))
            #expect(answer.json["roles"] == ["editor"])
            #expect(answer.json["device"] == (way == "token" ? "robot-1" : .null))
        }
        let stranger = try await server.send(.get, Self.access)
        #expect(stranger.json["account"] == .null && stranger.json["way"] == .text("none"))
    }

    @Test("a credential that is wrong is 401 in every dialect, with both challenges")
    func wrong() async throws {
        let server = try await server()
        let paths = [
            "/api/v1/devices/", "/api/registry/v1/documents/devices", "/overview", "/static/no",
        ]
        for path in paths {
            let answer = try await server.send(
                .get, path, headers: [.authorization: "Bearer muster_0"])
            #expect(answer.status == 401, "\(path)")
            let challenges = answer.headers[values: .wwwAuthenticate]
            #expect(challenges.count == 2, "\(path): \(challenges)")
            #expect(challenges.contains { $0.contains("error=\"invalid_token\"") })
            #expect(challenges.contains { $0.hasPrefix("Basic realm=") })
        }
    }

    @Test(
        "what is no credential is 401",
        arguments: [
            "", "Basic", "Basic %%%", "Basic YWRh", "Bearer", "Digest username=ada", "muster_0",
            "Basic gICA",
        ])
    func malformed(field: String) async throws {
        let answer = try await server().send(
            .get, Self.access, headers: [.authorization: field])
        #expect(answer.status == 401)
    }

    @Test("two credentials are none")
    func twice() async throws {
        let server = try await server()
        var headers = basic("ada", "pass: word 1")
        headers.append(HTTPField(name: .authorization, value: "Bearer x"))
        #expect(try await server.send(.get, Self.access, headers: headers).status == 401)
    }

    @Test("an account is the author of what it writes, whoever the request names")
    func author() async throws {
        let server = try await server()
        var headers = basic("ada", "pass: word 1")
        headers[.registryAuthor] = "Somebody Else <else@example.org>"
        let device = #"{"uid": "robot-1", "address": "10.0.0.1"}"#
        let cos = try await server.send(.post, "/api/v1/devices/", device, headers: headers)
        #expect(cos.status == 201, "\(cos.body)")
        let native = try await server.send(
            .put, "/api/registry/v1/documents/devices/robot-2", #"{"address": "10.0.0.2"}"#,
            headers: headers)
        #expect(native.status == 201, "\(native.body)")
        let authors = try await server.store.history(of: nil, limit: 2).map(\.author)
        #expect(authors == [.account(ada), .account(ada)])
    }
}
