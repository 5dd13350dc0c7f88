public import Hummingbird
import HTTPTypes
import Registry
import RegistryStore

/// What no dialect of others has, below `/api/registry/v1/`: every document, proposals, and the rest of
/// the git half. `/api/openapi.json` describes it.
///
/// Errors are problems (RFC 9457).
public struct NativeDialect: Dialect {
    public static let base = "/api/registry/v1/"

    public let name = "native"
    public let prefixes = [Self.base, Self.descriptionPath]
    let services: Services
    let lists = ListMemory()

    public init(_ services: Services) { self.services = services }

    static let routes: [NativeRoute] = [
        accessRoutes,
        discoveryRoutes,
        documentRoutes,
        editRoutes,
        eventRoutes,
        historyRoutes,
        proposalRoutes,
        searchRoutes,
        syncRoutes,
        undoRoutes,
        webhookRoutes,
    ].flatMap(\.self)

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        guard path.raw.hasPrefix(Self.base) else {
            return describe(request, path, context)
        }
        let found = Self.routes(at: path)
        guard let first = found.first?.route else {
            return .problem(.notFound, "There is no \(path.raw).", context)
        }
        guard let (route, values) = found.first(where: { $0.route.method == request.method }) else {
            let allow = found.map(\.route.method.rawValue).joined(separator: ", ")
            return .problem(
                .methodNotAllowed, "\(first.path) takes \(allow).", context,
                headers: [.allow: allow])
        }
        let call = NativeCall(
            request: request, path: path, context: context, services: services, values: values)
        guard request.method == .post, request.headers[.idempotencyKey] != nil,
            !route.handsOutSecrets
        else {
            return try await answer(call, by: route)
        }
        return try await answerOnce(call, by: route)
    }

    /// The routes of a path, with what stands for each `<name>`.
    private static func routes(
        at path: RawPath
    ) -> [(route: NativeRoute, values: [String: String])] {
        // `api`, `registry` and `v1` come before; a final slash is let pass.
        var segments = path.segments.dropFirst(3)
        if segments.count > 1, segments.last?.raw == "" { segments = segments.dropLast() }
        return routes.compactMap { route in
            route.values(in: segments).map { (route: route, values: $0) }
        }
    }

    /// The route of a request; nil where it is none.
    static func route(
        of request: Request, _ path: RawPath
    ) -> (route: NativeRoute, values: [String: String])? {
        routes(at: path).first { $0.route.method == request.method }
    }

    /// What a route answers; what it throws on purpose is a problem.
    func answer(_ call: NativeCall, by route: NativeRoute) async throws -> Response {
        do {
            guard route.method == .get || !call.request.isFromOtherSite(call.context) else {
                throw NativeError.otherSite
            }
            var response = try await route.handler(self)(call)
            response.headers[.registryGeneration] = services.store.generation
            return response
        } catch let refused as WritesRefused {
            return .problem(refused, call)
        } catch let error as RegistryError {
            return .problem(error, call, in: call.context.snapshot)
        } catch let error as any AnswerableError {
            return .problem(error, call.context)
        }
    }

    public func refuse(
        _ request: Request, path: RawPath, context: AppRequestContext,
        because error: any AnswerableError
    ) async -> Response {
        .problem(error, context)
    }
}
