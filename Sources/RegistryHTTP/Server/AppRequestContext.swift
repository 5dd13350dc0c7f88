public import Logging
public import Registry

/// What is known about one request besides the request itself.
public struct AppRequestContext: Sendable {
    /// The registry as this request sees it, taken once.
    public var snapshot: Snapshot
    /// The client's `X-Request-Id`, or a random one.
    public var requestID: String
    /// `http` or `https`, as the client said it or a trusted proxy did.
    public var scheme: String
    /// Host and port as the client named them.
    public var host: String
    /// Empty, or the path under which the client reaches the server, `/registry`.
    public var prefix: String
    /// Where the request comes from, after trusted proxies; nil for a Unix socket.
    public var remoteAddress: String?
    /// Carries the request's id.
    public var logger: Logger
    public let configuration: ServerConfiguration

    let connection: Connection
    let state: ServerState
    let record: RequestRecord

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
