import Hummingbird

/// Lets links start with the public URL, where there is one, whatever the request names.
struct PublicLinks: AppMiddleware {
    private let publicURL: PublicURL?

    init(_ configuration: ServerConfiguration) { publicURL = configuration.publicURL }

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let publicURL else { return try await next(request, context) }
        var context = context
        context.scheme = publicURL.scheme
        context.host = "\(publicURL.authority)"
        context.prefix = publicURL.path
        return try await next(request, context)
    }
}
