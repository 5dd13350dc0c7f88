import HTTPTypes
import JSON
import Registry
import RegistryStore
import StateStore
import Testing

@testable import RegistryHTTP

@Suite("Writes of the COS API")
struct CosWriteTests {
    private let server: ScratchCosServer
    init() async throws { server = try await ScratchCosServer() }

    private func register(_ uid: String) async throws -> ScratchCosServer.Answer {
        try await server.send(
            .post, "/api/v1/devices/", #"{"uid":"\#(uid)","address":"10.0.0.1"}"#)
    }

    @Test("a registration is one commit by the device, with the request in its trailers")
    func registration() async throws {
        let answer = try await server.send(
            .post, "/api/v1/devices/?fields=uid", #"{"uid":" robot-1 ","address":"10.0.0.1"}"#,
            headers: [
                .contentType: "application/json", .requestID: "id-1",
                .commitMessage: "Spare\u{2028}\u{85} unit of hall 3",
            ])
        #expect(answer.status == 201)
        #expect(answer.body == #"{"uid":"robot-1"}"#)
        #expect(answer["Location"] == "/api/v1/devices/robot-1/")
        #expect(answer["Registry-Commit"] == server.store.index.current.commit?.description)
        let message = """
            device robot-1 <robot-1@muster.invalid>
            devices/robot-1: register

            Spare unit of hall 3

            Request-Id: id-1
            Api: cos POST /api/v1/devices/
            """
        #expect(try server.newestCommit().hasPrefix(message))
    }

    @Test("a device's own change is by the device, its removal is not")
    func authors() async throws {
        _ = try await register("robot-1")
        try await server.send(.patch, "/api/v1/devices/robot-1/", #"{"address":"::2"}"#)
        #expect(try server.newestCommit().hasPrefix("device robot-1 "))
        try await server.send(.delete, "/api/v1/devices/robot-1/")
        #expect(try server.newestCommit().hasPrefix("anonymous "))
    }

    @Test("a change that changes nothing is 200 and no commit")
    func needless() async throws {
        let first = try await register("robot-1")
        let answer = try await server.send(
            .patch, "/api/v1/devices/robot-1/", #"{"address":"10.0.0.1"}"#)
        #expect(answer.status == 200)
        #expect(answer["Registry-Commit"] == first["Registry-Commit"])
    }

    @Test("a version that the client has is 304, and one that it has no more is 412")
    func conditions() async throws {
        let first = try await register("robot-1")
        let tag = try #require(first["ETag"])
        #expect(tag.utf8.count < 60)
        let path = "/api/v1/devices/robot-1/"
        #expect(try await server.send(.get, path)["ETag"] == tag)
        let unchanged = try await server.send(.get, path, headers: [.ifNoneMatch: tag])
        #expect(unchanged.status == 304)
        #expect(unchanged.body == "")
        let change = #"{"address":"10.0.0.2"}"#
        let json: HTTPFields = [.contentType: "application/json", .ifMatch: tag]
        let second = try await server.send(.patch, path, change, headers: json)
        #expect(second.status == 200)
        #expect(second["ETag"] != tag)
        let late = try await server.send(
            .patch, path, #"{"address":"10.0.0.3"}"#, headers: json)
        #expect(late.status == 412)
        #expect(late.json["detail"] != nil)
        #expect(try await server.send(.delete, path, headers: [.ifMatch: tag]).status == 412)
    }

    @Test("the list of devices has another tag when a device, a certificate or the query changes")
    func listTags() async throws {
        _ = try await register("robot-1")
        let list = try await server.send(.get, "/api/v1/devices/")
        let tag = try #require(list["ETag"])
        let again = try await server.send(.get, "/api/v1/devices/", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304)
        #expect(try await server.send(.get, "/api/v1/devices/?fields=uid")["ETag"] != tag)
        try await server.send(.patch, "/api/v1/devices/robot-1/", #"{"address":"::2"}"#)
        #expect(try await server.send(.get, "/api/v1/devices/")["ETag"] != tag)
    }

    @Test("a device that speaks is heard of, under its new uid too, and forgotten when it goes")
    func signals() async throws {
        let old = try #require(DocumentID("robot-1"))
        let new = try #require(DocumentID("robot-2"))
        _ = try await register("robot-1")
        #expect(server.services.signals.lastContact(of: old) != nil)
        try await server.send(.patch, "/api/v1/devices/robot-1/", #"{"uid":"robot-2"}"#)
        #expect(server.services.signals.lastContact(of: old) == nil)
        #expect(server.services.signals.lastContact(of: new) != nil)
        try await server.send(.delete, "/api/v1/devices/robot-2/")
        #expect(server.services.signals.lastContact(of: new) == nil)
    }

    @Test("of many registrations of one uid at a time exactly one is made")
    func race() async throws {
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask { try await register("robot-1").status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 201 } == 1)
        #expect(statuses.count { $0 == 409 } == 19)
    }
}

@Suite("A read-only server under the COS API")
struct ReadOnlyTests {
    private static let device = #"{"uid":"robot-1","address":"a"}"#

    @Test(
        "refuses what would change something, with 503 in the shape of the API",
        arguments: [
            (.post, "devices/", device, 503), (.post, "devices/", "{}", 400),
            (.post, "devices/", "{", 400), (.post, "health/", "{}", 405),
            (.post, "devices", device, 308), (.patch, "devices/robot-2/", "{}", 404),
            (.get, "devices/", nil, 200),
        ] as [(HTTPRequest.Method, String, String?, Int)])
    func refusals(
        method: HTTPRequest.Method, path: String, body: String?, status: Int
    ) async throws {
        let server = try await ScratchCosServer(
            configuration: ServerConfiguration(isReadOnly: true))
        let answer = try await server.send(method, "/api/v1/" + path, body)
        #expect(answer.status == status)
        #expect(status != 503 || answer.json["detail"]?.text?.contains("read-only") == true)
        #expect(answer["Retry-After"] == nil)
        #expect(try server.newestCommit().contains("Begin a registry"))
    }
}

@Suite("Uncommitted edits under the COS API")
struct UncommittedEditTests {
    private let server: ScratchCosServer
    private let path = "/api/v1/devices/robot-1/"

    init() async throws {
        server = try await ScratchCosServer()
        try await server.send(
            .post, "/api/v1/devices/", #"{"uid":"robot-1","address":"10.0.0.1"}"#)
        try await server.edit("devices/robot-1.json", replacing: "10.0.0.1", by: "10.0.0.7")
    }

    @Test("are served, marked, and shown with their difference")
    func served() async throws {
        let answer = try await server.send(.get, path)
        #expect(answer.json["address"] == "10.0.0.7")
        #expect(answer["Registry-Uncommitted"] == "true")
        #expect(try await server.send(.get, "/api/v1/devices/")["Registry-Uncommitted"] == "true")
        let page = try await server.send(.get, "/devices/robot-1").body
        #expect(page.contains("-  &quot;address&quot;: &quot;10.0.0.1&quot;,"))
    }

    @Test(
        "are not overwritten, not even by what the commit holds",
        arguments: ["10.0.0.9", "10.0.0.1"])
    func kept(address: String) async throws {
        let answer = try await server.send(.patch, path, #"{"address":"\#(address)"}"#)
        #expect(answer.status == 409)
        #expect(answer.json["detail"]?.text?.contains("devices/robot-1.json") == true)
        #expect(try await server.send(.get, path).json["address"] == "10.0.0.7")
    }

    @Test(
        "that make a document leave writes of it, and references to it, to the person",
        arguments: [
            (.patch, "devices/by-hand/", #"{"address":"b"}"#),
            (.patch, "devices/by-hand/", #"{"uid":"renamed"}"#),
            (.delete, "devices/by-hand/", nil),
            (.patch, "applications/grafana/dashboards/by-hand/", #"{"dashboard":{"a":1}}"#),
            (.post, "devices/", #"{"uid":"c","address":"b","grafana_dashboards":["by-hand"]}"#),
        ] as [(HTTPRequest.Method, String, String?)])
    func madeByHand(method: HTTPRequest.Method, path: String, body: String?) async throws {
        try await server.edit(
            "devices/by-hand.json",
            writing: #"{"uid":"by-hand","creation_date":"2026-01-31T12:00:00Z","address":"a"}"#)
        try await server.edit("grafana_dashboards/by-hand.json", writing: "{}")
        let answer = try await server.send(method, "/api/v1/" + path, body)
        #expect(answer.status == 409)
        #expect(answer.json["detail"]?.text?.contains("by-hand.json has an edit") == true)
    }
}
