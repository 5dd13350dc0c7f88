import HTTPTypes
import Hummingbird
import Registry

/// What machines that look after the server ask: is it alive, is it ready, how does it do.
struct Operations: Dialect {
    let state: ServerState
    let process = ProcessMetrics()
    /// Metrics of what is behind the server.
    let others: @Sendable () -> [MetricFamily]

    let name = "operations"
    let prefixes = ["/healthz", "/readyz", "/metrics"]

    init(state: ServerState, others: @escaping @Sendable () -> [MetricFamily] = { [] }) {
        self.state = state
        self.others = others
    }

    var door: AccessDoor? { .operations }

    func need(of request: Request, path: RawPath, context: AppRequestContext) -> AccessNeed? {
        switch path.raw {
        case "/metrics": .readEverything
        case "/healthz", "/readyz": .nothing
        default: nil
        }
    }

    func respond(to request: Request, path: RawPath, context: AppRequestContext) async throws
        -> Response?
    {
        let answer: Response
        switch path.raw {
        case "/healthz": answer = .text(.ok, "ok\n")
        case "/readyz": answer = readiness(context.snapshot)
        case "/metrics": answer = metrics(context.snapshot)
        default: return nil
        }
        guard [.get, .options].contains(request.method) else {
            return .message(
                .methodNotAllowed, "Method Not Allowed", headers: [.allow: "GET, HEAD, OPTIONS"])
        }
        guard request.method == .get else {
            return .empty(.ok, headers: [.allow: "GET, HEAD, OPTIONS"])
        }
        var fresh = answer
        fresh.headers[.cacheControl] = "no-store"
        return fresh
    }

    /// `{"status": "ready", "commit": "<oid>" or null, "documents": 12}`, or 503 when about to
    /// stop.
    private func readiness(_ snapshot: Snapshot) -> Response {
        guard !state.isClosing else {
            return .json(.serviceUnavailable, Array("{\"status\": \"closing\"}".utf8))
        }
        let commit = snapshot.commit.map { "\"\($0)\"" } ?? "null"
        let documents = DocumentKind.all.map { snapshot.count(of: $0.collection) }.reduce(0, +)
        let body = "{\"status\": \"ready\", \"commit\": \(commit), \"documents\": \(documents)}"
        return .json(.ok, Array(body.utf8))
    }

    private func metrics(_ snapshot: Snapshot) -> Response {
        let own = [
            MetricFamily(
                .gauge, "muster_build_info", "Always 1; the version is the label.",
                samples: [.init(labels: [("version", serverVersion)], value: 1)]),
            MetricFamily(
                .gauge, "muster_http_body_bytes_in_flight", "Bytes of request bodies in memory.",
                Double(state.bodies.bytesInFlight)),
        ]
        let families =
            own + state.connections.families + state.metrics.families
            + snapshotMetrics(of: snapshot) + others() + process.families
        return .bytes(
            .ok, families.map(\.text).joined().utf8,
            contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}

/// The version of this program.
public let serverVersion = "0.1.0"
