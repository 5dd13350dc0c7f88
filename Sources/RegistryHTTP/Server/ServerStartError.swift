/// Why the server could not begin to listen; each description is one clear line.
public enum ServerStartError: Error, Hashable, Sendable, CustomStringConvertible {
    case portInUse(host: String, port: Int)
    /// Ports below 1024 need a privilege.
    case portForbidden(host: String, port: Int)
    /// This machine has no such address, or the name has none.
    case addressUnavailable(host: String, port: Int)

    public var description: String {
        switch self {
        case .portInUse(let host, let port):
            "Port \(port) on \(host) is in use by another program; choose one with --port."
        case .portForbidden(let host, let port):
            "No permission to listen on port \(port) of \(host); choose one above 1023 with --port."
        case .addressUnavailable(let host, let port):
            "Cannot listen on \(host), port \(port): this machine has no such address."
        }
    }
}
