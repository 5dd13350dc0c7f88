import HTTPTypes
import Hummingbird

/// Adds what keeps browsers from misusing an answer; an answer's own fields win.
struct SecurityFields: AppMiddleware {
    private static let everywhere: [(HTTPField.Name, String)] = [
        (.xContentTypeOptions, "nosniff"),
        (knownName("X-Frame-Options"), "DENY"),
        (knownName("Referrer-Policy"), "same-origin"),
        (knownName("Cross-Origin-Opener-Policy"), "same-origin"),
    ]

    /// Pages use their own style sheet and scripts, and nothing that stands in the markup.
    private static let pagePolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.everywhere where response.headers[name] == nil {
            response.headers[name] = value
        }
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") ?? false
        if isPage, response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = Self.pagePolicy
        }
        return response
    }
}
