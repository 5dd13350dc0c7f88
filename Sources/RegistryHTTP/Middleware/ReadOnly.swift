import Hummingbird
import Registry

/// Refuses writes of a server that was started read-only.
///
/// The status is 503 as for every other reason that writes are off (HEAD on another branch, a
/// failed flush), so clients meet one case; there is no `Retry-After`, because waiting does not
/// help.
struct ReadOnly: AppMiddleware {
    private let isReadOnly: Bool

    init(_ configuration: ServerConfiguration) { isReadOnly = configuration.isReadOnly }

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard isReadOnly, ![.get, .head, .options].contains(request.method) else {
            return try await next(request, context)
        }
        throw RegistryError.readOnly(
            reason: "This server was started read-only; it serves the registry and changes nothing."
        )
    }
}
