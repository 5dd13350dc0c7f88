import HTTPTypes
import Hummingbird
import Registry

/// What keeps browsers and caches from misusing an answer; an answer's own fields win.
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

    /// A picture can be opened as a page of its own.
    private static let picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

    static func add(to response: inout Response, _ context: AppRequestContext) {
        add(to: &response.headers)
        let type = response.headers[.contentType] ?? ""
        if !response.headers.contains(.contentSecurityPolicy) {
            if type.hasPrefix("text/html") {
                response.headers[.contentSecurityPolicy] = pagePolicy
            } else if type.hasPrefix("image/svg+xml") {
                response.headers[.contentSecurityPolicy] = picturePolicy
            }
        }
        if context.scheme == "https", !isOfThisMachine(context.host) {
            response.headers[.strictTransportSecurity] = "max-age=2592000"
        }
        keepPrivate(&response.headers, context)
    }

    /// What every answer has, also one that no handler made.
    static func add(to fields: inout HTTPFields) {
        for field in everywhere where !fields.contains(field.name) { fields.append(field) }
    }

    /// A cache must not give to one client what another was shown (RFC 9111, section 3.5).
    private static func keepPrivate(_ fields: inout HTTPFields, _ context: AppRequestContext) {
        let given = fields[.cacheControl] ?? ""
        guard !given.hasPrefix("public") else { return }
        if !context.caller.isUnrestricted {
            fields.append(HTTPField(name: .vary, value: "Authorization, Cookie"))
        }
        let isPersonal = context.caller.way != .none || fields.contains(.setCookie)
        guard isPersonal, given != "no-store" else { return }
        guard !given.hasPrefix("private") else { return }
        fields[.cacheControl] = given.isEmpty ? "private" : "private, \(given)"
    }

    /// On such a name other servers may speak plain HTTP on other ports.
    private static func isOfThisMachine(_ host: String) -> Bool {
        let name = Authority(host)?.comparableHost ?? ""
        return name == "localhost" || name.hasSuffix(".localhost")
    }
}
