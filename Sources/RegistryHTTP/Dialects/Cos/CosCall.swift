import HTTPTypes
import Hummingbird
import JSON
import Registry

/// One request with the route that it takes.
struct CosCall: Sendable {
    let request: Request
    let path: RawPath
    let context: AppRequestContext
    let services: Services
    let lists: ListPieces
    let route: CosRoute
    /// The text of the segment that stands for `<uid>`; nil where it is no UTF-8, or none is there.
    let uid: String?

    var snapshot: Snapshot { context.snapshot }
    var model: CosModel { route.model }

    /// The document of the path; nil when there is none.
    var document: StoredDocument? {
        guard let id = uid.flatMap({ DocumentID($0) }) else { return nil }
        return context.shared.snapshot[DocumentKey(model.collection, id)]
    }

    /// What conditions of the request are about; nil on lists, which have none for writes.
    var preconditionKey: DocumentKey? {
        guard let key = document?.key else { return nil }
        return route.isCertificate ? DocumentKey(.certificates, key.id) : key
    }

    /// What `OPTIONS` answers.
    var options: Response {
        let body: JSONValue = [
            "name": .text(route.path), "description": "COS registration server API",
            "renders": ["application/json"],
            "parses": ["application/json", "application/x-www-form-urlencoded"],
        ]
        return .json(.ok, body.compactBytes(), headers: [.allow: route.allow])
    }

    var methodNotAllowed: Response {
        .cosDetail(
            .methodNotAllowed, "Method \"\(request.method.rawValue)\" not allowed.",
            headers: [.allow: route.allow])
    }
}
