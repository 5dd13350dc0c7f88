import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Registry
import RegistryStore
import Testing

@testable import RegistryHTTP

@Suite("Operations")
struct OperationsTests {
    @Test("alive and ready are answered")
    func probes() async throws {
        try await ScratchServer().application().test(.live) { client in
            let health = try await client.executeRequest(
                uri: "/healthz", method: .get, headers: [:], body: nil)
            #expect(String(buffer: health.body) == "ok\n")
            #expect(health.headers[.cacheControl] == "no-store")
            let ready = try await client.executeRequest(
                uri: "/readyz", method: .get, headers: [:], body: nil)
            #expect(
                String(buffer: ready.body)
                    == #"{"status": "ready", "commit": null, "documents": 0}"#)
            let post = try await client.executeRequest(
                uri: "/readyz", method: .post, headers: [:], body: nil)
            #expect(post.status.code == 405)
            #expect(post.headers[.allow] == "GET, HEAD, OPTIONS")
        }
    }

    @Test("a server that is stopping is not ready")
    func closing() async throws {
        let application = ScratchServer().application()
        application.state.beginClosing()
        try await application.test(.live) { client in
            let ready = try await client.executeRequest(
                uri: "/readyz", method: .get, headers: [:], body: nil)
            #expect(ready.status.code == 503)
        }
    }

    @Test("requests are counted by method, dialect and status")
    func counts() async throws {
        try await ScratchServer().application().test(.live) { client in
            for method: HTTPRequest.Method in [.get, .get, .init("REPORT")].compactMap(\.self) {
                _ = try await client.executeRequest(
                    uri: "/nothing", method: method, headers: [:], body: nil)
            }
            let metrics = try await client.executeRequest(
                uri: "/metrics", method: .get, headers: [:], body: nil)
            let line =
                #"muster_http_requests_total{method="GET",dialect="none",status="404"} 2"#
            #expect(String(buffer: metrics.body).contains(line))
        }
    }

    @Test("label values are escaped")
    func escaping() {
        let family = MetricFamily(
            .gauge, "a", "one\ntwo \\ \"three\"",
            samples: [.init(labels: [("b", "x\"y\\z\n")], value: 1.5)])
        #expect(
            family.text
                == "# HELP a one\\ntwo \\\\ \"three\"\n# TYPE a gauge\na{b=\"x\\\"y\\\\z\\n\"} 1.5\n"
        )
    }

    @Test("promtool finds nothing to say about the metrics", .enabled(if: hasPromtool))
    func promtool() async throws {
        let text = try await ScratchServer().application().test(.live) { client in
            for path in ["/nothing", "/healthz", "/echo/busy"] {
                _ = try await client.executeRequest(
                    uri: path, method: .get, headers: [:], body: nil)
            }
            let metrics = try await client.executeRequest(
                uri: "/metrics", method: .get, headers: [:], body: nil)
            return String(buffer: metrics.body)
        }
        #expect(text.contains("process_resident_memory_bytes"))
        var statistics = StoreStatistics()
        statistics.flushSeconds.record(0.002)
        let store = storeMetrics(statistics, StoreStatus(branch: "main")).map(\.text).joined()
        #expect(try promtoolStatus(of: text + store) == 0, "\(text + store)")
    }
}

private let hasPromtool = access("/usr/bin/promtool", X_OK) == 0

/// What `promtool check metrics` exits with: 0 good, 1 unreadable, 3 against the naming rules.
private func promtoolStatus(of text: String) throws -> Int32 {
    let pipe = try #require(popen("promtool check metrics", "w"))
    fputs(text, pipe)
    return pclose(pipe) >> 8
}
