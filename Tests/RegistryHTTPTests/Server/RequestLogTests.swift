import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import RegistryHTTP

@Suite("The request log")
struct RequestLogTests {
    @Test("has one line a request, with its id and without its query")
    func line() async throws {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in lines.handler }
        try await ScratchServer(logger: logger).application().test(.router) { client in
            _ = try await client.executeRequest(
                uri: "/echo/context?token=swordfish", method: .get,
                headers: [.requestID: "abc-1"], body: nil)
        }
        let answered = lines.all.filter { $0.hasPrefix("Answered a request.") }
        let line = try #require(answered.first)
        #expect(answered.count == 1)
        for part in ["method=GET", "path=/echo/context", "status=200", "request.id=abc-1"] {
            #expect(line.contains(part), "\(line)")
        }
        #expect(line.contains("duration_ms="))
        #expect(!line.contains("swordfish"))
    }

    @Test("says an unexpected error once, with the request's id")
    func surprise() async throws {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in lines.handler }
        try await ScratchServer(logger: logger).application().test(.router) { client in
            _ = try await client.executeRequest(
                uri: "/echo/surprise", method: .get, headers: [.requestID: "abc-2"], body: nil)
        }
        let errors = lines.all.filter { $0.contains("Surprise") }
        #expect(errors.count == 1)
        #expect(errors.first?.contains("request.id=abc-2") == true)
    }
}

/// What was logged, each line with its metadata.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var handler: any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        init(lines: LogLines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            lines.lines.withLock { $0.append("\(event.message) \(pairs)") }
        }
    }
}
