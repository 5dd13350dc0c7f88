import HTTPTypes
import RegistryHTML
import Testing

@testable import RegistryHTTP

@Suite("Pages")
struct PagesDialectTests {
    private let server: ScratchCosServer
    init() async throws { server = try await ScratchCosServer() }

    private func register(_ uid: String, _ address: String) async throws {
        try await server.send(
            .post, "/api/v1/devices/", #"{"uid":"\#(uid)","address":"\#(address)"}"#)
    }

    @Test(
        "answer where they are, and nowhere else",
        arguments: [
            ("/overview", 200), ("/devices/", 200), ("/devices", 301), ("/devices/robot-1", 200),
            ("/devices/robot-1/", 404), ("/devices/ghost", 404), ("/dashboards/", 200),
            ("/dashboards", 301), ("/dashboards/grafana/ghost", 404), ("/rules/", 200),
            ("/rules/?kind=loki", 200), ("/rules/loki/ghost", 404), ("/devices/?page=2", 404),
            ("/devices/?page=x", 404), ("/overview/", 404), ("/favicon.ico", 200),
            ("/static/none.css", 404), ("//devices/", 404),
        ])
    func status(path: String, status: Int) async throws {
        try await register("robot-1", "10.0.0.1")
        #expect(try await server.send(.get, path).status == status)
    }

    @Test("can only be read")
    func readOnly() async throws {
        let answer = try await server.send(.delete, "/devices/robot-1")
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "GET, HEAD")
        #expect(try await server.send(.post, "/devices/", "{}").status == 405)
    }

    @Test("are searched and sorted by what the address asks")
    func search() async throws {
        for (uid, address) in [("b", "10.0.0.9"), ("a", "10.0.0.10"), ("C", "host.example")] {
            try await register(uid, address)
        }
        let found = try await server.send(.get, "/devices/?q=EXAMPLE")
        #expect(found.body.contains(">C<"))
        #expect(!found.body.contains(">a<"))
        let sorted = try await server.send(.get, "/devices/?sort=address").body
        let places = ["b", "a", "C"].compactMap { sorted.firstRange(of: ">\($0)<")?.lowerBound }
        #expect(places.count == 3)
        #expect(places == places.sorted())
    }

    @Test("of files are kept by browsers for good, and known by their tag")
    func files() async throws {
        for file in StaticFile.all {
            let answer = try await server.send(.get, "/static/\(file.name)")
            #expect(answer.status == 200)
            #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
            let tag = try #require(answer["ETag"])
            let again = try await server.send(
                .get, "/static/\(file.name)", headers: [.ifNoneMatch: tag])
            #expect(again.status == 304)
        }
    }
}
