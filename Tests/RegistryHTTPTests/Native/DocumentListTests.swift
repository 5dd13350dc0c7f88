import Foundation
import HTTPTypes
import JSON
import Testing

@testable import RegistryHTTP

@Suite("Lists of the native API")
struct DocumentListTests {
    private let base = "/api/registry/v1/documents/devices"

    private func server() async throws -> ScratchCosServer {
        let server = try await ScratchCosServer()
        for number in 1...7 {
            let kind = number % 2 == 0 ? "host" : "device"
            try await server.send(
                .put, "\(base)/r\(number)",
                #"{"address": "10.0.\#(number % 3).\#(number)", "kind": "\#(kind)", "#
                    + #""annotations": {"site": {"row": \#(number)}}}"#)
        }
        return server
    }

    private func uids(_ answer: ScratchCosServer.Answer) -> [String] {
        (answer.json["documents"]?.array ?? []).compactMap { $0["uid"]?.text }
    }

    @Test(
        "filters, orders and fields choose what is shown",
        arguments: [
            ("", ["r1", "r2", "r3", "r4", "r5", "r6", "r7"]),
            ("?kind=host", ["r2", "r4", "r6"]),
            ("?kind!=host&sort=-uid", ["r7", "r5", "r3", "r1"]),
            ("?address=10.0.1.*", ["r1", "r4", "r7"]),
            ("?address=*.0.*.4", ["r4"]),
            ("?annotations.site.row>=5&/annotations/site/row<=6", ["r5", "r6"]),
            ("?annotations.site.row=3.0", ["r3"]),
            ("?sort=kind,-annotations.site.row&limit=3", ["r7", "r5", "r3"]),
            ("?parent=&limit=2", ["r1", "r2"]),
            ("?uid=r5", ["r5"]),
        ])
    func selection(query: String, expected: [String]) async throws {
        let answer = try await server().send(.get, base + query)
        #expect(uids(answer) == expected, "\(query) \(answer.body)")
    }

    @Test(
        "a field that no document can have is refused by name, with those that there are",
        arguments: [
            ("?adress=10.0.1.*", "adress"), ("?sort=-adress", "sort"),
            ("?fields=uid,x.y", "fields"), ("?/adress=1", "/adress"),
        ])
    func unknownField(query: String, parameter: String) async throws {
        let answer = try await server().send(.get, base + query)
        let detail = answer.json["detail"]?.text ?? ""
        #expect(answer.status == 400)
        #expect(detail.hasPrefix("\(parameter): "), "\(detail)")
        #expect(detail.contains("address, annotations"), "\(detail)")
    }

    @Test("what an author may choose is searched by any name")
    func freeFields() async throws {
        let server = try await server()
        let dashboards = "/api/registry/v1/documents/grafana_dashboards"
        try await server.send(.put, "\(dashboards)/d", #"{"title": "A", "mine": 3}"#)
        #expect(uids(try await server.send(.get, dashboards + "?mine=3&other=")) == ["d"])
    }

    @Test("fields keep their places")
    func fields() async throws {
        let answer = try await server().send(
            .get, base + "?limit=1&fields=address,annotations.site.row,uid")
        #expect(
            answer.json["documents"]?.array?.first?["document"]
                == ["address": "10.0.1.1", "annotations": ["site": ["row": 1]], "uid": "r1"])
    }

    @Test(
        "a walk stays in its commit: it neither skips nor repeats what is written meanwhile",
        arguments: ["", "&sort=-kind", "&kind=*"])
    func walk(more: String) async throws {
        let server = try await server()
        let all = uids(try await server.send(.get, base + "?" + more.dropFirst()))
        var found: [String] = []
        var next: String? = base + "?limit=2" + more
        var pages = 0
        while let address = next, pages < 10 {
            let answer = try await server.send(.get, address)
            #expect(answer.status == 200, "\(answer.body)")
            found += uids(answer)
            #expect(answer.json["total"] == 7)
            pages += 1
            let link = answer["Link"]
            #expect(link?.hasSuffix(">; rel=\"next\"") ?? true)
            next = link.map { link in
                let url = String(link.dropFirst().prefix { $0 != ">" })
                return url.firstIndex(of: "/").flatMap { _ in
                    url.range(of: "/api").map { String(url[$0.lowerBound...]) }
                } ?? ""
            }
            // In front of the walk, behind it, and what it has shown.
            try await server.send(.put, "\(base)/a\(pages)", #"{"address": "10.9.9.9"}"#)
            try await server.send(.put, "\(base)/z\(pages)", #"{"address": "10.9.9.9"}"#)
            try await server.send(.patch, "\(base)/r6", #"{"kind": "device"}"#)
            if pages == 1 { try await server.send(.delete, "\(base)/r4") }
        }
        #expect(found == all && pages == 4)
    }

    @Test("a list has a tag that changes with its documents and its query")
    func tags() async throws {
        let server = try await server()
        let first = try #require(try await server.send(.get, base + "?kind=host")["ETag"])
        #expect(try await server.send(.get, base)["ETag"] != first)
        try await server.send(.put, "/api/registry/v1/documents/grafana_dashboards/d", "{}")
        let same = try await server.send(.get, base + "?kind=host", headers: [.ifNoneMatch: first])
        #expect(same.status == 304)
        try await server.send(.patch, "\(base)/r1", #"{"name": "n"}"#)
        #expect(try await server.send(.get, base + "?kind=host")["ETag"] != first)
    }

    @Test("the collections are listed with their sizes")
    func collections() async throws {
        let answer = try await server().send(.get, "/api/registry/v1/documents")
        let devices = answer.json["collections"]?.array?.first
        #expect(devices == ["name": "devices", "count": 7, "media_type": "application/json"])
    }
}
