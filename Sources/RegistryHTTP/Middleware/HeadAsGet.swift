import Hummingbird

/// Answers `HEAD` as `GET` without the body (RFC 9110, section 9.3.2); the length stays.
struct HeadAsGet: AppMiddleware {
    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .head else { return try await next(request, context) }
        var head = request.head
        head.method = .get
        return try await next(Request(head: head, body: request.body), context).createHeadResponse()
    }
}
