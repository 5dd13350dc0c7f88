import HTTPTypes
import JSON
import Testing

@testable import RegistryHTTP

@Suite("Searching everything")
struct SearchTests {
    private let base = "/api/registry/v1/"

    private func server() async throws -> ScratchCosServer {
        let server = try await ScratchCosServer()
        let answer = try await server.send(
            .post, base + "documents/bulk",
            """
            {"changes": [
              {"collection": "devices", "uid": "hall-9", "document":
                {"address": "10.0.0.1", "annotations": {"note": "by the door"}}},
              {"collection": "devices", "uid": "robot-1", "document":
                {"address": "10.0.0.19", "name": "Ada", "annotations": {"site": "Hall-9 Überbau"}}},
              {"collection": "devices", "uid": "robot-2", "document": {"address": "fe80::1"}},
              {"collection": "grafana_dashboards", "uid": "d1", "document":
                {"title": "Doors of hall-9", "panels": [{"title": "10.0.0.1 temperature"}]}},
              {"collection": "prometheus_alert_rules", "uid": "doors", "text":
                "groups:\\n  - name: open\\n    rules: []\\n"}
            ]}
            """)
        #expect(answer.status == 200, "\(answer.body)")
        return server
    }

    @Test(
        "words find documents, the best first",
        arguments: [
            ("hall-9", ["hall-9", "d1", "robot-1"]),
            ("HALL-9 door", ["hall-9", "d1"]),
            ("ada", ["robot-1"]),
            ("überbau", ["robot-1"]),
            ("10.0.0.1", ["hall-9", "robot-1", "d1"]),
            ("address:10.0.0.1", ["hall-9", "robot-1"]),
            ("address:0.0.1", []),
            ("in:devices 10.0.0.1 temp", []),
            ("in:grafana_dashboards", ["d1"]),
            ("fe80::1", ["robot-2"]),
            ("\"the door\"", ["hall-9"]),
            ("\"door the\"", []),
            ("open", ["doors"]),
            ("name:op", ["doors"]),
            ("uid:robot", ["robot-1", "robot-2"]),
        ])
    func words(query: String, expected: [String]) async throws {
        let answer = try await server().send(
            .get, base + "search?q=" + percentEncoded(query))
        let found = answer.json["results"]?.array ?? []
        #expect(found.compactMap { $0["uid"]?.text } == expected, "\(answer.body)")
        #expect(answer.json["total"]?.int == expected.count && answer.json["complete"] == true)
    }

    @Test("it says where, and a search at another commit sees that")
    func places() async throws {
        let server = try await server()
        let answer = try await server.send(.get, base + "search?q=temperature")
        let hit = answer.json["results"]?.array?.first
        #expect(hit?["title"] == "Doors of hall-9")
        #expect(
            hit?["matches"] == [["pointer": "/panels/0/title", "text": "10.0.0.1 temperature"]])
        let commit = try #require(answer["Registry-Commit"])
        try await server.send(.delete, base + "documents/grafana_dashboards/d1")
        #expect(try await server.send(.get, base + "search?q=temperature").json["total"] == 0)
        let old = try await server.send(.get, base + "search?q=temperature&at=\(commit)")
        #expect(old.json["total"] == 1)
    }

    @Test(
        "what is no search is said",
        arguments: ["", "?q=", "?q=+", "?q=x&limit=0", "?q=x&limit=201"])
    func refused(query: String) async throws {
        let answer = try await server().send(.get, base + "search" + query)
        #expect(answer.status == 400 && answer.json["detail"]?.text?.isEmpty == false)
    }

    @Test("the page shows the same with links, and escapes what was typed")
    func page() async throws {
        let server = try await server()
        let page = try await server.send(.get, "/search/?q=hall-9", headers: [.accept: "text/html"])
        #expect(page.status == 200 && page.body.contains("3 documents"))
        #expect(page.body.contains(#"href="/devices/robot-1""#))
        #expect(page.body.contains(#"href="/dashboards/grafana/d1""#))
        let none = try await server.send(
            .get, "/search/?q=%3Cscript%3E", headers: [.accept: "text/html"])
        #expect(none.body.contains("&lt;script&gt;") && !none.body.contains("<script>"))
    }

    @Test("the reference shows every operation of both APIs")
    func reference() async throws {
        let server = try await server()
        for (api, document) in [
            ("native", NativeDialect.description.json), ("cos", CosSchema.document),
        ] {
            let page = try await server.send(
                .get, "/api-reference/?api=\(api)", headers: [.accept: "text/html"])
            #expect(page.status == 200)
            for (_, item) in document["paths"]?.object ?? [:] {
                for (name, operation) in item.object ?? [:] where name != "parameters" {
                    let id = try #require(operation["operationId"]?.text)
                    #expect(page.body.contains("id=\"\(id)\""), "\(id)")
                }
            }
        }
    }
}
