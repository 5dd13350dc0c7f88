import HTTPTypes
import JSON
import Registry
import RegistryStore
import Testing

@testable import RegistryHTTP

@Suite("Documents by the native API")
struct DocumentRouteTests {
    private let base = "/api/registry/v1/documents"
    private let rules = "# Ada's\ngroups:\n  - name: disk\n    rules: []\n"

    private func server() async throws -> ScratchCosServer {
        let server = try await ScratchCosServer()
        let made = try await server.send(
            .put, "\(base)/devices/robot-1", #"{"address": "10.0.0.7", "name": "One"}"#)
        #expect(made.status == 201, "\(made.body)")
        return server
    }

    private let mergePatch: HTTPFields = [.contentType: "application/merge-patch+json"]
    private let jsonPatch: HTTPFields = [.contentType: "application/json-patch+json"]

    @Test("a device that is put gets its uid and date, is one commit, and is what its file holds")
    func create() async throws {
        let server = try await ScratchCosServer()
        let made = try await server.send(
            .put, "\(base)/devices/a%2Fb", #"{"address": "10.0.0.7"}"#,
            headers: [
                .commitMessage: "New hall", .registryAuthor: "Ada <ada@example.org>",
            ])
        #expect(made.status == 201)
        #expect(made["Location"]?.hasSuffix("/api/registry/v1/documents/devices/a%2Fb") == true)
        #expect(made.json["uid"] == "a/b" && made.json["creation_date"]?.text != nil)
        let message = try server.newestCommit()
        #expect(message.hasPrefix("Ada <ada@example.org>\ndevices/a/b: create\n\nNew hall\n"))
        #expect(message.contains("Api: native PUT \(base)/devices/a%2Fb"))
        let read = try await server.send(.get, "\(base)/devices/a%2Fb")
        let tag = try #require(read["ETag"])
        #expect(read.body == made.body && tag == made["ETag"])
        let key = DocumentKey(.devices, try #require(DocumentID("a/b")))
        #expect(tag == "\"\(try #require(server.store.index.current[key]).blob)\"")
        let unchanged = try await server.send(
            .get, "\(base)/devices/a%2Fb", headers: [.ifNoneMatch: tag])
        #expect(unchanged.status == 304 && unchanged["Registry-Commit"] == made["Registry-Commit"])
    }

    @Test("a write that changes nothing makes no commit")
    func needless() async throws {
        let server = try await server()
        let before = try server.newestCommit()
        let again = try await server.send(
            .put, "\(base)/devices/robot-1", #"{"name": "One", "address": "10.0.0.7"}"#)
        #expect(again.status == 200)
        #expect(try server.newestCommit() == before)
    }

    @Test("patches of both kinds change what they name and nothing else")
    func patches() async throws {
        let server = try await server()
        let path = "\(base)/devices/robot-1"
        let merged = try await server.send(
            .patch, path, #"{"name": null, "annotations": {"hall": 9}}"#, headers: mergePatch)
        #expect(merged.status == 200 && merged.json["name"] == nil)
        let patched = try await server.send(
            .patch, path,
            ##"[{"op": "test", "path": "/annotations/hall", "value": 9.0},"##
                + ##" {"op": "add", "path": "/annotations/row", "value": "b"}]"##,
            headers: jsonPatch)
        #expect(patched.json["annotations"] == ["hall": 9, "row": "b"])
        #expect(patched.json["address"] == "10.0.0.7")
        let failed = try await server.send(
            .patch, path, ##"[{"op": "test", "path": "/address", "value": "x"}]"##,
            headers: jsonPatch)
        #expect(failed.status == 409 && failed.body.contains("/address has another value"))
        #expect(
            try await server.send(.patch, path, "x", headers: [.contentType: "text/x"]).status
                == 415)
        #expect(try await server.send(.patch, path, "{").status == 400)
    }

    @Test("a stale entity tag is refused with the present document and what to do")
    func stale() async throws {
        let server = try await server()
        let path = "\(base)/devices/robot-1"
        let tag = try #require(try await server.send(.get, path)["ETag"])
        let fields: HTTPFields = [.ifMatch: tag, .contentType: "application/json"]
        #expect(
            try await server.send(.patch, path, #"{"name": "Two"}"#, headers: fields).status == 200)
        for method in [HTTPRequest.Method.patch, .put, .delete] {
            let refused = try await server.send(
                method, path, #"{"address": "10.0.0.9"}"#, headers: fields)
            #expect(refused.status == 412)
            #expect(refused.json["current"]?["document"]?["name"] == "Two")
            let present = try #require(refused["ETag"])
            #expect(present == "\"\(refused.json["current"]?["etag"]?.text ?? "")\"")
            #expect(refused.json["detail"]?.text?.contains("If-Match: \(present)") == true)
        }
        let exists = try await server.send(
            .put, path, #"{"address": "10.0.0.9"}"#, headers: [.ifNoneMatch: "*"])
        #expect(exists.status == 412)
    }

    @Test("a dry run tells what would happen, and nothing does")
    func dryRun() async throws {
        let server = try await server()
        let before = try server.newestCommit()
        let plan = try await server.send(
            .patch, "\(base)/devices/robot-1?dry_run=true", #"{"address": "10.0.0.8"}"#)
        #expect(plan.status == 200 && plan.json["dry_run"] == true && plan.json["commit"] == .null)
        let change = plan.json["changes"]?.array?.first
        #expect(change?["action"] == "change" && change?["path"] == "devices/robot-1.json")
        #expect(
            change?["fields"]
                == [["pointer": "/address", "old": "10.0.0.7", "new": "10.0.0.8"]])
        let refused = try await server.send(
            .patch, "\(base)/devices/robot-1?dry_run=true", #"{"parent": "nobody"}"#)
        #expect(refused.status == 200)
        #expect(refused.json["problems"]?.array?.first?["pointer"] == "/parent")
        #expect(try server.newestCommit() == before)
        #expect(
            try await server.send(.delete, "\(base)/devices/robot-1?dry_run=perhaps").status == 400)
    }

    @Test("rule files are text with their comments, and JSON for who prefers it")
    func ruleFiles() async throws {
        let server = try await ScratchCosServer()
        let path = "\(base)/prometheus_alert_rules/disk"
        let made = try await server.send(
            .put, path, rules, headers: [.contentType: "application/yaml"])
        #expect(made.status == 201 && made.body == rules)
        #expect(made["Content-Type"] == "application/yaml")
        let json = try await server.send(.get, path, headers: [.accept: "application/json"])
        #expect(json.json == ["groups": [["name": "disk", "rules": []]]])
        #expect(json["ETag"] != made["ETag"])
        let written = try await server.send(
            .put, path, #"{"groups": [{"name": "yes", "limit": 5, "rules": []}]}"#,
            headers: [.ifMatch: json["ETag"] ?? "", .contentType: "application/json"])
        #expect(written.status == 200, "\(written.body)")
        #expect(written.body.contains("name: \"yes\"") && written.body.contains("limit: 5"))
        #expect(
            try await server.send(.patch, path, "{}", headers: mergePatch).status == 415)
        let broken = try await server.send(
            .put, path, "groups:\n  - x: [", headers: [.contentType: "application/yaml"])
        #expect(broken.status == 422 && broken.json["line"]?.int != nil)
    }

    @Test("deleting takes references and certificates along, and refuses what others still name")
    func delete() async throws {
        let server = try await server()
        try await server.send(.put, "\(base)/grafana_dashboards/d", #"{"title": "D"}"#)
        let using = try await server.send(
            .patch, "\(base)/devices/robot-1", #"{"grafana_dashboards": ["d"]}"#)
        #expect(using.status == 200)
        let deleted = try await server.send(.delete, "\(base)/grafana_dashboards/d")
        #expect(deleted.status == 200)
        #expect(deleted.json["changes"]?.array?.map { $0["action"]?.text } == ["change", "delete"])
        let device = try await server.send(.get, "\(base)/devices/robot-1")
        #expect(device.json["grafana_dashboards"] == [])
        #expect(try await server.send(.delete, "\(base)/grafana_dashboards/d").status == 404)
        let dangling = try await server.send(
            .patch, "\(base)/devices/robot-1", #"{"grafana_dashboards": ["d"]}"#)
        #expect(dangling.status == 422)
        #expect(dangling.json["pointer"] == "/grafana_dashboards/0")
    }

    @Test(
        "what is not there, or cannot be, is said",
        arguments: [
            ("GET", "/pizzas", 404), ("GET", "/pizzas/x", 404), ("GET", "/devices/nobody", 404),
            ("GET", "/devices/%00", 404), ("PUT", "/devices/x", 422), ("POST", "/devices", 405),
            ("GET", "/devices?limit=0", 400), ("GET", "/devices?sort=..", 400),
            ("GET", "/devices?after=%00", 400),
        ])
    func refused(method: String, path: String, status: Int) async throws {
        let server = try await ScratchCosServer()
        let method = try #require(HTTPRequest.Method(method))
        let answer = try await server.send(method, base + path, method == .get ? nil : "{}")
        #expect(answer.status == status, "\(answer.body)")
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.json["detail"]?.text?.isEmpty == false)
    }
}
