import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Registry
import Testing

@testable import RegistryHTTP

@Suite("The reference for measurements")
struct ReferenceTests {
    /// Answers with how often it was asked.
    private final class Counter: Dialect {
        let name = "counter"
        let prefixes = ["/counter"]
        private let asked = BodyBudget(limit: .max)

        func respond(
            to request: Request, path: RawPath, context: AppRequestContext
        ) async throws -> Response? {
            _ = asked.reserve(1)
            return .text(.ok, "\(asked.bytesInFlight)", headers: [.eTag: "\"1\""])
        }
    }

    @Test("answers what the path behind it answered first, and asks no more")
    func constant() async throws {
        let counter = Counter()
        let configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
        let snapshot = SharedSnapshot(Snapshot())
        let state = ServerState(
            configuration: configuration, logger: ScratchServer().logger,
            metrics: ServerMetrics(), snapshot: { snapshot })
        let application = RegistryApplication(
            state: state, dialects: [ReferenceDialect(to: [counter]), counter])
        try await application.test(.router) { client in
            for (path, expected) in [
                ("/counter", "1"), ("/reference/counter", "2"), ("/counter", "3"),
                ("/reference/counter", "2"), ("/reference/counter?x", "4"),
            ] {
                let answer = try await client.executeRequest(
                    uri: path, method: .get, headers: [:], body: nil)
                #expect(String(buffer: answer.body) == expected)
                #expect(answer.headers[.eTag] == "\"1\"")
                #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
            }
            let other = try await client.executeRequest(
                uri: "/reference/nothing", method: .get, headers: [:], body: nil)
            #expect(other.status == .notFound)
        }
    }
}
