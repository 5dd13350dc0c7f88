import HTTPTypes
import Hummingbird

extension CosDialect {
    /// `GET health/`: an empty 200.
    func health(_ call: CosCall) -> Response { .empty(.ok) }

    /// `GET schema/`: the OpenAPI document.
    func schema(_ call: CosCall) -> Response {
        let tag = EntityTag(of: CosSchema.bytes)
        return call.request.notModified(tag)
            ?? .bytes(
                .ok, CosSchema.bytes, contentType: "application/vnd.oai.openapi",
                headers: [.eTag: tag.description])
    }

    /// `GET docs/`: the paths and their methods as a page.
    func docs(_ call: CosCall) -> Response { .html(.ok, Self.docsPage) }

    private static let docsPage = """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>COS registration server API</title>
        <h1>COS registration server API</h1>
        <p>The full description is an <a href="../schema/">OpenAPI document</a>.</p>
        \(routes.map(docsSection).joined(separator: "\n"))
        </html>

        """

    private static func docsSection(_ route: CosRoute) -> String {
        let lines = route.methods.map { method in
            "<dt><code>\(method.rawValue)</code></dt><dd>\(CosSubject(route).summary(method))</dd>"
        }
        return """
            <h2><code>/api/v1/\(route.path(writingUIDAs: "{uid}"))</code></h2>
            <dl>
            \(lines.joined(separator: "\n"))
            </dl>
            """
    }
}
