import HTTPTypes
import Hummingbird
import Registry
import Synchronization

/// Answers 400 to requests that name a host which is not ours, so that no foreign name can be made
/// to point here (DNS rebinding) and no link carries it.
///
/// Ours are: local names and loopback addresses, the bound host, the address that the connection
/// came in on, the public URL's host, and the list: names, `.example.org` for a domain and all
/// below it, `*` for any. Probes by address (`/healthz`, `/readyz`) are let through.
struct HostAllowList: RequestStep {
    private let names: Set<String>
    private let domains: [String]
    private let allowsAny: Bool
    private let known = KnownHosts()

    init(_ configuration: ServerConfiguration) {
        let listed = configuration.allowedHosts.map { $0.lowercased() }
        let own = [configuration.host, configuration.publicURL?.authority.host]
        names = Set(listed + own.compactMap { $0.map(Self.withoutBrackets) } + ["localhost"])
        domains = [".localhost"] + listed.filter { $0.hasPrefix(".") }
        allowsAny = listed.contains("*")
    }

    func receive(_ request: inout Request, _ context: inout AppRequestContext) -> Response? {
        if known.contains(context.host) { return nil }
        if let authority = Authority(context.host) {
            if allows(authority) {
                known.insert(context.host)
                return nil
            }
            if allows(authority, on: context.connection.localAddress) { return nil }
        }
        guard !Self.isProbe(request) else { return nil }
        return Self.refusal(of: context.host, asHTML: request.acceptsHTML)
    }

    /// Whether the host is ours, on every connection or on one that has come in on `ownAddress`.
    func allows(_ authority: Authority, on ownAddress: String? = nil) -> Bool {
        let host = Self.withoutBrackets(authority.comparableHost)
        return allowsAny || names.contains(host) || host == ownAddress
            || AddressBlock.loopback.contains { $0.contains(host) }
            || domains.contains { host.hasSuffix($0) || host == $0.dropFirst() }
    }

    private static func isProbe(_ request: Request) -> Bool {
        ["/healthz", "/readyz"].contains(RawPath.pathText(of: request.head.path ?? ""))
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]")
            ? String(host.dropFirst().dropLast()).lowercased() : host.lowercased()
    }

    private static func refusal(of host: String, asHTML: Bool) -> Response {
        let text =
            "Invalid HTTP_HOST header: '\(host)'. "
            + "You may need to add '\(host)' to the allowed hosts (MUSTER_ALLOWED_HOSTS)."
        guard asHTML else {
            return .json(.badRequest, Array("{\"detail\":\(jsonText(text))}".utf8))
        }
        let page = "<!DOCTYPE html><title>Bad Request</title><h1>Bad Request</h1><p>"
        return .html(.badRequest, page + htmlText(text) + "</p>")
    }
}

/// Hosts that were found to be ours; reading a name takes longer than finding it here.
private final class KnownHosts: Sendable {
    /// Clients can spell a name in many ways.
    private static let limit = 100
    private let hosts = Mutex<Set<String>>([])

    func contains(_ host: String) -> Bool { hosts.withLock { $0.contains(host) } }

    func insert(_ host: String) {
        hosts.withLock { hosts in
            if hosts.count < Self.limit { hosts.insert(host) }
        }
    }
}

/// `text` with the characters replaced that mean something in HTML.
private func htmlText(_ text: String) -> String {
    text.map { character in
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: String(character)
        }
    }.joined()
}
