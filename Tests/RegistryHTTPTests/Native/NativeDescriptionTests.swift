import HTTPTypes
import JSON
import Testing

@testable import RegistryHTTP

@Suite("The description of the native API")
struct NativeDescriptionTests {
    @Test("it is served with a tag, and is OpenAPI 3.1")
    func served() async throws {
        let server = try await ScratchCosServer()
        let answer = try await server.send(.get, "/api/openapi.json")
        #expect(answer.status == 200 && answer["Content-Type"] == "application/json")
        #expect(answer.json["openapi"]?.text == "3.1.0")
        let tag = try #require(answer["ETag"])
        let again = try await server.send(
            .get, "/api/openapi.json", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304)
        #expect(try await server.send(.post, "/api/openapi.json", "{}").status == 405)
    }

    @Test(
        "every route is in it, under its path and method, with an answer and the shape of refusals")
    func routes() throws {
        let paths = try #require(NativeDialect.description.json["paths"])
        for route in NativeDialect.routes {
            let path = JSONString(NativeDialect.base + route.templatePath)
            let method = JSONString(route.method.rawValue.lowercased())
            let operation = try #require(paths[path]?[method], "\(method) \(path)")
            let statuses = operation["responses"]?.object?.names.map(\.description) ?? []
            #expect(statuses.contains { $0.hasPrefix("2") }, "\(method) \(path)")
            #expect(statuses.contains("default"))
        }
    }

    @Test("no two operations have one id, and every path parameter is described")
    func unambiguous() throws {
        let paths = try #require(NativeDialect.description.json["paths"]?.object)
        var ids: [String] = []
        for (path, item) in paths {
            for (name, operation) in item.object ?? [:] where name != "parameters" {
                ids.append(operation["operationId"]?.text ?? "")
            }
            let inPath = path.description.split(separator: "/").filter { $0.hasPrefix("{") }.count
            #expect(item["parameters"]?.array?.count ?? 0 == inPath, "\(path)")
        }
        #expect(Set(ids).count == ids.count && !ids.contains(""))
    }

    @Test("every schema that is referred to is there")
    func complete() throws {
        let document = NativeDialect.description.json
        let text = document.description
        let names = text.split(separator: "#/components/schemas/").dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }
        #expect(!names.isEmpty)
        for name in Set(names) {
            #expect(document["components"]?["schemas"]?[JSONString(name)] != nil, "\(name)")
        }
    }
}

@Suite("Paths of the native API")
struct NativeRouteTests {
    private func values(_ pattern: String, _ path: String) -> [String: String]? {
        let route = NativeRoute(
            .get, pattern, NativeDialect.listProposals,
            .init(.proposals, "", answers: [.ok(.any)]))
        return route.values(in: RawPath(target: path).segments[...])
    }

    @Test("a name stands for one segment, decoded after the path was split")
    func names() {
        #expect(values("a/<uid>", "/a/b%2Fc") == ["uid": "b/c"])
        #expect(values("a/<uid>", "/a/b/c") == nil)
        #expect(values("a/<uid>", "/a/") == nil)
        #expect(values("a/<uid>", "/b/c") == nil)
        #expect(values("a/<uid>", "/a/%FF") == [:])
        #expect(
            values("<collection>/<uid>", "/devices/x") == ["collection": "devices", "uid": "x"])
    }
}
