import HTTPTypes
import Hummingbird

/// What keeps browsers from misusing an answer; an answer's own fields win.
enum SecurityFields {
    private static let everywhere = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: knownName("X-Frame-Options"), value: "DENY"),
        HTTPField(name: knownName("Referrer-Policy"), value: "same-origin"),
        HTTPField(name: knownName("Cross-Origin-Opener-Policy"), value: "same-origin"),
    ]

    /// Pages use their own style sheet and scripts, and nothing that stands in the markup.
    private static let pagePolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    static func add(to response: inout Response) {
        for field in everywhere where !response.headers.contains(field.name) {
            response.headers.append(field)
        }
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") ?? false
        if isPage, !response.headers.contains(.contentSecurityPolicy) {
            response.headers[.contentSecurityPolicy] = pagePolicy
        }
    }
}
