import HTTPTypes
import Hummingbird
import Registry

/// Finds out how the client reached the server: scheme, host, path prefix and address.
///
/// `X-Forwarded-*` fields are believed from trusted proxies. Where none is named, peers on this
/// machine are believed about `X-Forwarded-Proto` alone: it changes no more than links.
struct ForwardedFields: RequestStep {
    private let trusted: [AddressBlock]

    init(_ configuration: ServerConfiguration) {
        trusted = configuration.trustedProxies
    }

    func receive(_ request: inout Request, _ context: inout AppRequestContext) -> Response? {
        let fields = request.headers
        if trusted.isEmpty {
            if let scheme = scheme(fields), Self.isLocal(context.remoteAddress) {
                context.scheme = scheme
            }
        } else if isTrusted(context.remoteAddress) {
            context.host = fields[.forwardedHost].map(Self.last) ?? context.host
            context.prefix = fields[.forwardedPrefix].map(PublicURL.normalized) ?? context.prefix
            context.forwardedAddress = client(of: fields, peer: context.remoteAddress)
            context.scheme = scheme(fields) ?? context.scheme
        }
        return nil
    }

    private func scheme(_ fields: HTTPFields) -> String? {
        guard let scheme = fields[.forwardedProto].map(Self.last)?.lowercased() else { return nil }
        return ["http", "https"].contains(scheme) ? scheme : nil
    }

    /// The nearest address that is no trusted proxy.
    private func client(of fields: HTTPFields, peer: String?) -> String? {
        let hops = fields[values: .forwardedFor].joined(separator: ",").split(separator: ",")
            .map { $0.filter { $0 != " " } }
        return hops.last { !isTrusted($0) } ?? hops.first ?? peer
    }

    private func isTrusted(_ address: String?) -> Bool {
        guard let address else { return true }
        return trusted.contains { $0.contains(address) }
    }

    /// A peer without address is on a Unix socket, so on this machine.
    private static func isLocal(_ address: String?) -> Bool {
        guard let address else { return true }
        return AddressBlock.loopback.contains { $0.contains(address) }
    }

    /// What the nearest proxy said, where several added to the field.
    private static func last(_ field: String) -> String {
        let last = field.split(separator: ",").last ?? ""
        return last.filter { $0 != " " }
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = knownName("X-Forwarded-For")
    fileprivate static let forwardedHost = knownName("X-Forwarded-Host")
    fileprivate static let forwardedPrefix = knownName("X-Forwarded-Prefix")
    fileprivate static let forwardedProto = knownName("X-Forwarded-Proto")
}
