import HTTPTypes
import JSON
import Registry
import RegistryStore
import Testing

@testable import RegistryHTTP

@Suite("Many changes at once")
struct BulkRouteTests {
    private let path = "/api/registry/v1/documents/bulk"

    @Test("changes see those before them, and are one commit")
    func order() async throws {
        let server = try await ScratchCosServer()
        let answer = try await server.send(
            .post, path,
            """
            {"author": {"name": "Ada"}, "message": "Hall 9", "changes": [
              {"collection": "grafana_dashboards", "uid": "d", "document": {"title": "D"}},
              {"collection": "devices", "uid": "a", "document": {"address": "10.0.0.1"}},
              {"collection": "devices", "uid": "a", "patch": {"grafana_dashboards": ["d"]}},
              {"collection": "devices", "uid": "a", "json_patch":
                [{"op": "replace", "path": "/address", "value": "10.0.0.2"}]},
              {"collection": "devices", "uid": "b", "document": {"address": "10.0.0.3"}},
              {"collection": "devices", "uid": "b", "remove": true},
              {"collection": "loki_alert_rules", "uid": "r", "text": "groups: [] # none\\n"}
            ]}
            """)
        #expect(answer.status == 200, "\(answer.body)")
        let changes = answer.json["changes"]?.array ?? []
        #expect(
            changes.map { $0["path"]?.text } == [
                "devices/a.json", "grafana_dashboards/d.json", "loki_alert_rules/r.rules",
            ])
        #expect(changes.allSatisfy { $0["action"] == "create" })
        let device = try await server.send(.get, "/api/registry/v1/documents/devices/a")
        #expect(device.json["address"] == "10.0.0.2" && device.json["grafana_dashboards"] == ["d"])
        #expect(device["ETag"] == "\"\(changes.first?["etag"]?.text ?? "")\"")
        let message = try server.newestCommit()
        #expect(
            message.hasPrefix(
                "Ada <ada@muster.invalid>\ngrafana_dashboards/d and 6 more: change\n\nHall 9"))
        #expect(answer["Registry-Commit"] == answer.json["commit"]?.text)
    }

    @Test("one that cannot be stops all, and each is named by its index")
    func allOrNothing() async throws {
        let server = try await ScratchCosServer()
        let before = server.store.index.current.commit
        let refused = try await server.send(
            .post, path,
            """
            {"changes": [
              {"collection": "devices", "uid": "a", "document": {"address": "10.0.0.1"}},
              {"collection": "devices", "uid": "b", "document": {"adress": "10.0.0.1"}},
              {"collection": "devices", "uid": "c", "patch": {}},
              {"collection": "devices", "uid": "a", "document": {}, "if_none_match": "*"}
            ]}
            """)
        #expect(refused.status == 422)
        let errors = refused.json["errors"]?.array ?? []
        #expect(errors.map { $0["index"]?.int } == [1, 2, 3])
        #expect(errors.map { $0["status"]?.int } == [422, 404, 409])
        let misread = try await server.send(
            .post, path,
            #"{"changes": [{"collection": "pizzas", "uid": "a", "remove": true}, {"uid": "a"}, 7]}"#
        )
        #expect(misread.json["errors"]?.array?.map { $0["index"]?.int } == [0, 1, 2])
        #expect(server.store.index.current.commit == before)
    }

    @Test("what is removed may be named by nobody who stays")
    func references() async throws {
        let server = try await ScratchCosServer()
        try await server.send(
            .post, path,
            """
            {"changes": [
              {"collection": "grafana_dashboards", "uid": "d", "document": {}},
              {"collection": "devices", "uid": "a", "document":
                {"address": "10.0.0.1", "grafana_dashboards": ["d"]}}
            ]}
            """)
        let again = try await server.send(
            .post, path,
            """
            {"changes": [
              {"collection": "grafana_dashboards", "uid": "d", "remove": true},
              {"collection": "devices", "uid": "a", "patch": {"grafana_dashboards": ["d"]}}
            ]}
            """)
        #expect(again.status == 409, "\(again.body)")
        let error = again.json["errors"]?.array?.first
        #expect(error?["index"] == 0 && error?["referrers"] == ["devices/a"])
    }

    @Test("a thousand changes are one commit")
    func many() async throws {
        let server = try await ScratchCosServer()
        let changes = (0..<1_000).map { number in
            #"{"collection": "devices", "uid": "d\#(number)", "document": {"address": "10.0.0.1"}}"#
        }
        let answer = try await server.send(
            .post, path, #"{"changes": [\#(changes.joined(separator: ","))]}"#)
        #expect(answer.status == 200)
        #expect(answer.json["changes"]?.array?.count == 1_000)
        #expect(server.store.index.current.count(of: .devices) == 1_000)
        #expect(server.store.statistics.commits == 1)
    }
}

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private let path = "/api/registry/v1/documents/bulk"

    private func body(_ address: String) -> String {
        #"{"changes": [{"collection": "devices", "uid": "a", "document": {"address": "\#(address)"}}]}"#
    }

    @Test("a repeated request gets the first answer and does nothing")
    func repeated() async throws {
        let server = try await ScratchCosServer()
        let fields: HTTPFields = [.idempotencyKey: "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""]
        let first = try await server.send(.post, path, body("10.0.0.1"), headers: fields)
        #expect(first.status == 200 && first["Idempotency-Replayed"] == nil)
        #expect(try server.newestCommit().contains("\nIdempotency-Key: "))
        try await server.send(.delete, "/api/registry/v1/documents/devices/a")
        let commit = server.store.index.current.commit
        let second = try await server.send(.post, path, body("10.0.0.1"), headers: fields)
        #expect(second.status == 200 && second["Idempotency-Replayed"] == "true")
        #expect(second.body == first.body && second["Registry-Commit"] == first["Registry-Commit"])
        #expect(server.store.index.current.commit == commit)
        let other = try await server.send(.post, path, body("10.0.0.2"), headers: fields)
        #expect(other.status == 422 && other.body.contains("take a new one"))
    }

    @Test("what was refused may be sent again with its key")
    func refused() async throws {
        let server = try await ScratchCosServer()
        let fields: HTTPFields = [.idempotencyKey: "k"]
        let bad = try await server.send(.post, path, body("?"), headers: fields)
        #expect(bad.status == 422)
        let good = try await server.send(.post, path, body("10.0.0.1"), headers: fields)
        #expect(good.status == 200)
    }

    @Test(
        "a key that is none is refused",
        arguments: ["", "\u{1}", String(repeating: "k", count: 256)])
    func badKey(key: String) async throws {
        let server = try await ScratchCosServer()
        let answer = try await server.send(
            .post, path, body("10.0.0.1"), headers: [.idempotencyKey: key])
        #expect(answer.status == 400 && answer.json["detail"] != nil)
    }

    @Test("a server that was killed after the commit finds it, and answers without another")
    func killed() async throws {
        let server = try await ScratchCosServer()
        let fields: HTTPFields = [.idempotencyKey: "k"]
        let first = try await server.send(.post, path, body("10.0.0.1"), headers: fields)
        // The answer is lost; only the note that the request has begun is there.
        try server.forgetAnswer()
        try await server.send(.patch, "/api/registry/v1/documents/devices/a", #"{"name": "A"}"#)
        let commit = server.store.index.current.commit
        let again = try await server.send(.post, path, body("10.0.0.1"), headers: fields)
        #expect(again.status == 200, "\(again.body)")
        #expect(again.json["commit"] == first.json["commit"])
        #expect(again.json["changes"] == first.json["changes"])
        #expect(server.store.index.current.commit == commit)
        let third = try await server.send(.post, path, body("10.0.0.1"), headers: fields)
        #expect(third["Idempotency-Replayed"] == "true" && third.body == again.body)
    }
}
