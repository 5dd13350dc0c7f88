import Hummingbird

/// Takes the path prefix off, so that nothing below needs to know of it.
///
/// Paths without it are left alone: a proxy may have taken it off already.
struct PathPrefix: AppMiddleware {
    private let prefix: String

    init(_ configuration: ServerConfiguration) { prefix = configuration.effectivePrefix }

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard !prefix.isEmpty, let target = request.head.path,
            target.utf8.starts(with: prefix.utf8)
        else { return try await next(request, context) }
        let rest = target.utf8.dropFirst(prefix.utf8.count)
        switch rest.first {
        case UInt8(ascii: "/"):
            return try await next(request.with(target: String(Substring(rest))), context)
        case nil, UInt8(ascii: "?"):
            return try await next(request.with(target: "/" + Substring(rest)), context)
        default:
            return try await next(request, context)
        }
    }
}
