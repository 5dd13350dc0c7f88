public import Hummingbird
import HTTPTypes
import Registry

/// The API of the COS registration server, below `/api/v1/`.
public struct CosDialect: Dialect {
    public let name = "cos"
    public let prefixes = ["/api/v1/"]
    let services: Services
    let lists = ListPieces()

    public init(_ services: Services) { self.services = services }

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        let segments = path.segments.dropFirst(2)
        if let route = Self.route(segments.dropLast()), path.hasFinalSlash {
            let call = CosCall(
                request: request, path: path, context: context, services: services,
                lists: lists, route: route, uid: route.uid(in: segments)?.text)
            return try await respond(to: call)
        }
        if Self.route(segments) != nil { return Self.slashAdded(to: path, request, context) }
        return .cosDetail(.notFound, "Not found.")
    }

    public func refuse(
        _ request: Request, path: RawPath, context: AppRequestContext,
        because error: any AnswerableError
    ) async -> Response {
        .cosDetail(error.status, error.explanation, headers: error.fields)
    }

    static func route(_ segments: ArraySlice<RawPath.Segment>) -> CosRoute? {
        routes.first { $0.matches(segments) }
    }

    private func respond(to call: CosCall) async throws -> Response {
        if call.request.method == .options { return call.options }
        guard let handler = call.route.handler(for: call.request.method) else {
            return call.methodNotAllowed
        }
        guard call.request.method == .get || !call.request.isFromOtherSite(call.context) else {
            return .cosDetail(.forbidden, "The request comes from a page of another site.")
        }
        do {
            return try await handler(self)(call)
        } catch {
            guard let response = call.response(to: error) else { throw error }
            return response
        }
    }

    /// Sends the client to the path with its final slash, whether or not something is there.
    ///
    /// 308 keeps the method, where 301 would let a client turn it into GET.
    private static func slashAdded(
        to path: RawPath, _ request: Request, _ context: AppRequestContext
    ) -> Response {
        let query = path.query.isEmpty ? "" : "?" + path.query.raw
        let location = context.prefix + path.raw + "/" + query
        return .empty(
            request.method == .get ? .movedPermanently : .permanentRedirect,
            headers: [.location: location])
    }
}
