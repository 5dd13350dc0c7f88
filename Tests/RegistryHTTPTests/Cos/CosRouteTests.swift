import HTTPTypes
import JSON
import Testing

@testable import RegistryHTTP

@Suite("Paths of the COS API")
struct CosRouteTests {
    private let server: ScratchCosServer
    init() async throws { server = try await ScratchCosServer() }

    @Test(
        "unknown ones are 404 in JSON",
        arguments: [
            "/api/v1/", "/api/v1/bogus/", "/api/v1/bogus", "/api/v1/Devices/",
            "/api/v1//devices/", "/api/v1/devices//", "/api/v1/devices//certificate/",
            "/api/v1/devices/r1//", "/api/v1/devices/r1/bogus/", "/api/v1/applications/",
            "/api/v1/applications/loki/dashboards/", "/api/v1/applications/grafana/alert_rules/",
            "/api/v1/health/x/",
        ])
    func unknown(path: String) async throws {
        for method in [HTTPRequest.Method.get, .post] {
            let answer = try await server.send(method, path, method == .post ? "{}" : nil)
            #expect(answer.status == 404)
            #expect(answer.json["detail"] != nil)
        }
    }

    @Test(
        "without a final slash lead to the one with it, whether something is there or not",
        arguments: [
            ("/api/v1/devices", "/api/v1/devices/"),
            ("/api/v1/devices?fields=uid&x", "/api/v1/devices/?fields=uid&x"),
            ("/api/v1/devices/ghost", "/api/v1/devices/ghost/"),
            ("/api/v1/devices/a%2Fb", "/api/v1/devices/a%2Fb/"),
            ("/api/v1/devices/r1/certificate", "/api/v1/devices/r1/certificate/"),
            (
                "/api/v1/applications/loki/alert_rules/x",
                "/api/v1/applications/loki/alert_rules/x/"
            ),
        ])
    func slash(path: String, location: String) async throws {
        let read = try await server.send(.get, path)
        #expect(read.status == 301)
        #expect(read["Location"] == location)
        #expect(try await server.send(.head, path).status == 301)
        let write = try await server.send(.patch, path, #"{"uid":"new","address":"::1"}"#)
        #expect(write.status == 308)
        #expect(write["Location"] == location)
    }

    @Test("a redirect stays below the path prefix")
    func prefix() async throws {
        let server = try await ScratchCosServer(
            configuration: ServerConfiguration(pathPrefix: "/cos-registry"))
        let answer = try await server.send(.get, "/cos-registry/api/v1/devices")
        #expect(answer["Location"] == "/cos-registry/api/v1/devices/")
    }

    @Test(
        "say which methods they offer",
        arguments: [
            ("health/", "GET, HEAD, OPTIONS"), ("devices/", "GET, POST, HEAD, OPTIONS"),
            ("devices/ghost/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("device/ghost/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("devices/ghost/certificate/", "GET, POST, PATCH, HEAD, OPTIONS"),
            ("applications/foxglove/dashboards/", "GET, POST, HEAD, OPTIONS"),
            (
                "applications/loki/alert_rules/x/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
            ),
        ])
    func allow(path: String, methods: String) async throws {
        let options = try await server.send(.options, "/api/v1/\(path)")
        #expect(options.status == 200)
        #expect(options["Allow"] == methods)
        #expect(options["Content-Type"] == "application/json")
        let refused = try await server.send(.trace, "/api/v1/\(path)")
        #expect(refused.status == 405)
        #expect(refused["Allow"] == methods)
        #expect(refused.body == #"{"detail":"Method \"TRACE\" not allowed."}"#)
    }

    @Test("the description names every path and method of the route table")
    func schema() async throws {
        let answer = try await server.send(.get, "/api/v1/schema/")
        #expect(answer["Content-Type"] == "application/vnd.oai.openapi")
        let paths = answer.json["paths"]?.object
        #expect(paths?.count == CosDialect.routes.count)
        for route in CosDialect.routes {
            let item = paths?[.init("/api/v1/" + route.path(writingUIDAs: "{uid}"))]
            for method in route.methods {
                #expect(item?[.init(method.rawValue.lowercased())] != nil)
            }
        }
        #expect(try await server.send(.get, "/api/v1/docs/").body.contains("/api/v1/devices/"))
    }
}
