public import Hummingbird
import HTTPTypes

/// What no dialect of others has, below `/api/registry/v1/`: proposals, and the rest of the git half.
///
/// Errors are problems (RFC 9457).
public struct NativeDialect: Dialect {
    public static let base = "/api/registry/v1/"

    public let name = "native"
    public let prefixes = [Self.base]
    let services: Services

    public init(_ services: Services) { self.services = services }

    static let routes: [NativeRoute] = [
        NativeRoute(.get, "edits", listEdits),
        NativeRoute(.post, "edits/commit", commitEdits),
        NativeRoute(.post, "edits/discard", discardEdits),
        NativeRoute(.get, "proposals", listProposals),
        NativeRoute(.post, "proposals", openProposal),
        NativeRoute(.get, "proposals/<number>", showProposal),
        NativeRoute(.patch, "proposals/<number>", changeProposal),
        NativeRoute(.post, "proposals/<number>/comments", commentOnProposal),
        NativeRoute(.post, "proposals/<number>/approve", approveProposal),
        NativeRoute(.post, "proposals/<number>/merge", mergeProposal),
        NativeRoute(.post, "proposals/<number>/close", closeProposal),
        NativeRoute(.post, "proposals/<number>/reopen", reopenProposal),
        NativeRoute(.get, "sync", showSync),
        NativeRoute(.post, "sync", syncNow),
        NativeRoute(.post, "upstream/webhook", receiveWebhook),
    ]

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        // `api`, `registry` and `v1` come before; a final slash is let pass.
        var segments = path.segments.dropFirst(3)
        if segments.count > 1, segments.last?.raw == "" { segments = segments.dropLast() }
        let found = Self.routes.filter { $0.matches(segments) }
        guard let first = found.first else {
            return .problem(.notFound, "There is no \(path.raw).", context)
        }
        guard let route = found.first(where: { $0.method == request.method }) else {
            let allow = found.map(\.method.rawValue).joined(separator: ", ")
            return .problem(
                .methodNotAllowed, "\(first.path) takes \(allow).", context,
                headers: [.allow: allow])
        }
        let call = NativeCall(
            request: request, path: path, context: context, services: services,
            values: route.values(in: segments))
        do {
            guard route.method == .get || !request.isFromOtherSite(context) else {
                throw NativeError.otherSite
            }
            return try await route.handler(self)(call)
        } catch let error as any AnswerableError {
            return .problem(error, context)
        }
    }
}
