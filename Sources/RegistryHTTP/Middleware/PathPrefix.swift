import Hummingbird

/// Takes the path prefix off, so that nothing below needs to know of it.
///
/// Paths without it are left alone: a proxy may have taken it off already.
struct PathPrefix: RequestStep {
    private let prefix: String

    /// Nil where there is no prefix.
    init?(_ configuration: ServerConfiguration) {
        prefix = configuration.effectivePrefix
        if prefix.isEmpty { return nil }
    }

    func receive(_ request: inout Request, _ context: inout AppRequestContext) -> Response? {
        guard let target = request.head.path, target.utf8.starts(with: prefix.utf8) else {
            return nil
        }
        let rest = target.utf8.dropFirst(prefix.utf8.count)
        switch rest.first {
        case UInt8(ascii: "/"):
            request = request.with { $0.path = String(Substring(rest)) }
        case nil, UInt8(ascii: "?"):
            request = request.with { $0.path = "/" + Substring(rest) }
        default:
            break
        }
        return nil
    }
}
