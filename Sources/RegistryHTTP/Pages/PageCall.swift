import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML

/// One request for a page.
struct PageCall: Sendable {
    let request: Request
    let path: RawPath
    let context: AppRequestContext
    let services: Services
    let memory: PageMemory
    /// Who is told from others by it in forms.
    let browser: BrowserMark
    /// The cookie for a browser that has none.
    let newCookie: HTTPField?
    /// Whose documents the page shows.
    let collection: Registry.Collection
    /// The segment that stands for the uid.
    let segment: RawPath.Segment?

    var snapshot: Snapshot { context.snapshot }

    /// The uid as it was sent, for messages.
    var uidText: String { segment.map { $0.text ?? $0.raw } ?? "" }

    /// The key that the path names; nil when no document can have its uid.
    var key: DocumentKey? {
        segment?.text.flatMap { DocumentID($0) }.map { DocumentKey(collection, $0) }
    }

    /// The answer that sends the client to the path with its final slash.
    var slashAdded: Response {
        let query = path.query.isEmpty ? "" : "?" + path.query.raw
        return .empty(
            .movedPermanently, headers: [.location: context.prefix + path.raw + "/" + query])
    }

    /// A page as the answer.
    func page(
        _ html: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        if headers[.cacheControl] == nil { headers[.cacheControl] = "private, no-cache" }
        headers.append(.varyAccept)
        if let newCookie { headers.append(newCookie) }
        return .html(status, html, headers: headers)
    }

    /// A page that says why there is no other.
    func message(_ message: MessagePage, headers: HTTPFields = [:]) async -> Response {
        page(
            services.renderer.render(message, in: await frame()),
            status: .init(code: message.status), headers: headers)
    }

    /// The 404 for a page of a list that is not there.
    var noPage: Response {
        get async {
            await message(
                MessagePage(
                    status: 404, title: "Not found", message: "The list has no such page.",
                    advice: "Pages are numbered from 1; page=last is the last one."))
        }
    }
}
