import HTTPTypes
import Hummingbird
import JSON
import Registry

/// One request with the route that it takes and who sends it.
struct CratonCall: Sendable {
    let request: Request
    let path: RawPath
    let context: AppRequestContext
    let services: Services
    let route: CratonRoute
    /// What stands for `<id>` in the path.
    let id: String
    let caller: CratonCaller

    /// The kind of the path; only the list of both kinds of devices has none.
    var kind: CratonKind { route.kind ?? .hosts }

    var query: [(name: String, value: String)] { path.query.pairs.map { ($0.name, $0.value) } }

    var rendering: CratonRendering { CratonRendering(context.shared, base: context.baseURL) }

    /// Refuses whom the kind is not open to; a plain user works on the inventory alone.
    func requireRole() throws(CratonRefusal) {
        switch kind {
        case .users: try caller.requireAdmin()
        case .projects where id.isEmpty || request.method == .delete && path.segments.count == 3:
            try caller.requireRoot()
        case .projects: try caller.requireAdmin()
        default: break
        }
    }

    /// The body as JSON; null where there is none, or one of another type.
    func body() async throws -> JSONValue {
        let bytes = try await readBody(of: request, context: context)
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
        let name = type.filter { $0 != " " && $0 != "\t" }
        guard name == "application/json" || name.hasSuffix("+json") else { return .null }
        do {
            return try JSONValue(parsing: bytes, options: .api)
        } catch {
            throw CratonBodyError(reason: "\(error)")
        }
    }

    /// An answer to a read of a list: 304 where the client has this version.
    ///
    /// The tag is known without the answer: what can change it are the collections of the API, the
    /// address, and who asks.
    func answer(_ make: () throws -> JSONValue) rethrows -> Response {
        let tag = listTag
        if let unchanged = request.notModified(tag) { return unchanged }
        return .craton(.ok, try make(), headers: readFields(tag))
    }

    /// An answer to a read of one item, or a part of it; its tag changes with the answer alone.
    func answerItem(_ value: JSONValue) -> Response {
        let bytes = value.pythonDocumentBytes()
        let tag = EntityTag(ofCraton: bytes)
        if let unchanged = request.notModified(tag) { return unchanged }
        return .json(.ok, bytes, headers: readFields(tag))
    }

    private func readFields(_ tag: EntityTag) -> HTTPFields {
        var headers: HTTPFields = [.eTag: tag.description]
        let snapshot = context.shared.snapshot
        headers[.registryCommit] = snapshot.commit?.description
        if !snapshot.uncommittedPaths.isEmpty { headers[.registryUncommitted] = "true" }
        return headers
    }

    private var listTag: EntityTag {
        var words = "craton1 \(context.baseURL) \(path.raw)?\(path.query.raw) \(caller.user)"
        for (high, low) in context.shared.snapshot.cratonState { words += " \(high) \(low)" }
        return EntityTag(of: Array(words.utf8))
    }
}

/// Why a body is no JSON.
struct CratonBodyError: Error {
    let reason: String

    var explanation: String { "The request body is no JSON: \(reason)" }
}
