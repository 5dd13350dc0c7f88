import HTTPTypes
public import Logging
public import Registry

/// What is known about one request besides the request itself.
public struct AppRequestContext: Sendable {
    /// The registry as this request sees it, taken once.
    public private(set) var shared: SharedSnapshot
    /// What `?at=` names, where the registry is shown as it is or was elsewhere.
    public private(set) var at: String?
    /// The client's `X-Request-Id`, or a new one.
    public let requestID: String
    /// `http` or `https`, as the connection is, as the client said it, or as a trusted proxy did.
    public var scheme: String
    /// Host and port as the client named them.
    public var host: String
    /// Empty, or the path under which the client reaches the server, `/registry`.
    public var prefix: String
    /// Who sends it; nobody is known before ``Authentication`` has looked.
    public internal(set) var caller: Caller
    /// Whether the body will not be sent, so that only its length matters.
    public let isHead: Bool

    /// Whether a login is used by it, so that it does not end soon.
    private(set) var isUse = true

    let connection: Connection
    let state: ServerState
    let record: RequestRecord
    /// Where a trusted proxy says that the request comes from.
    var forwardedAddress: String?

    init(
        state: ServerState, connection: Connection, requestID: String, head: HTTPRequest
    ) {
        self.state = state
        self.connection = connection
        self.requestID = requestID
        record = RequestRecord(action: head.method.rawValue, target: head.path ?? "/")
        shared = state.snapshot()
        scheme = state.configuration.isSecure ? "https" : "http"
        host = head.authority ?? ""
        prefix = state.configuration.effectivePrefix
        isHead = head.method == .head
        caller = .anonymous(at: nil)
    }

    public var snapshot: Snapshot { shared.snapshot }

    /// The same request as if it came now; whoever sent it does nothing for that.
    var again: AppRequestContext {
        var again = self
        again.shared = state.snapshot()
        again.isUse = false
        return again
    }

    /// Lets the request see another registry than the served one.
    mutating func show(_ snapshot: Snapshot, at name: String) {
        shared = SharedSnapshot(snapshot)
        at = name
    }

    public var configuration: ServerConfiguration { state.configuration }

    /// Where the request comes from, after trusted proxies; nil for a Unix socket.
    public var remoteAddress: String? { forwardedAddress ?? connection.peerAddress }

    /// Carries the request's id.
    public var logger: Logger {
        var logger = state.logger
        logger[metadataKey: "request.id"] = "\(requestID)"
        return logger
    }

    /// The start of every absolute link: `https://registry.example.org/registry`, no final slash.
    public var baseURL: String { "\(scheme)://\(host)\(prefix)" }

    /// Refuses what would change something, on a server that was started read-only.
    ///
    /// Dialects ask when they know that it would, so that mistakes keep their own answers.
    func requireWritable() throws(RegistryError) {
        guard configuration.isReadOnly else { return }
        throw .readOnly(
            reason:
                "This server was started read-only; it serves the registry and changes nothing.")
    }
}
