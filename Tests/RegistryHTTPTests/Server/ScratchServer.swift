import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry
import ServiceLifecycle

@testable import RegistryHTTP

/// A server with an empty registry and a dialect that says what it was asked.
struct ScratchServer {
    var configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// For tests in process, and for those that open a port.
    func application(onListening: @escaping @Sendable (Int?) -> Void = { _ in })
        -> RegistryApplication
    {
        let snapshot = SharedSnapshot(Snapshot(settings: RegistrySettings()))
        let state = ServerState(
            configuration: configuration, logger: logger,
            metrics: ServerMetrics(), snapshot: { snapshot })
        return RegistryApplication(
            state: state, dialects: [Operations(state: state), Echo()], onListening: onListening)
    }

    /// Runs the server on a free port of 127.0.0.1 for as long as `body` runs.
    func run<Value: Sendable>(
        _ body: @Sendable (_ port: Int, _ services: ServiceGroup) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = application { continuation.yield($0 ?? 0) }
        let services = ServiceGroup(
            configuration: .init(services: [application], logger: application.logger))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var iterator = ports.makeAsyncIterator()
            let value = try await body(await iterator.next() ?? 0, services)
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return value
        }
    }
}

/// Answers below `/echo/`.
struct Echo: Dialect {
    struct Surprise: Error {}

    static let largeBytes = 20_000_000
    private static let large = [UInt8](repeating: UInt8(ascii: "x"), count: largeBytes)

    let name = "echo"
    let prefixes = ["/echo/", "/"]

    func respond(to request: Request, path: RawPath, context: AppRequestContext) async throws
        -> Response?
    {
        switch path.raw {
        case "/":
            return .html(.ok, "<p>overview</p>")
        case "/echo/context":
            let address = context.remoteAddress ?? "-"
            return .text(.ok, "\(context.baseURL) \(request.method) \(address)")
        case "/echo/body":
            let bytes = try await readBody(of: request, context: context)
            return .text(.ok, "\(bytes.count) bytes\n")
        case "/echo/large":
            return .bytes(.ok, Self.large, contentType: "text/plain")
        case "/echo/largetagged":
            return .bytes(
                .ok, Self.large[..<10_000], contentType: "text/plain",
                headers: [.eTag: EntityTag("v1").description])
        case "/echo/tagged":
            let tag = EntityTag("v1")
            if let response = request.notModified(tag) { return response }
            try request.checkPreconditions(current: tag)
            return .text(.ok, "tagged\n")
        case "/echo/surprise":
            throw Surprise()
        case "/echo/busy":
            throw RegistryError.busy(reason: "Another program holds the index.")
        case "/echo/full":
            throw RegistryError.storageFull(reason: "Less than 64 MiB are free.")
        case "/echo/edited":
            throw RegistryError.uncommittedEdit(path: "devices/robot-1.json")
        default:
            return nil
        }
    }
}
