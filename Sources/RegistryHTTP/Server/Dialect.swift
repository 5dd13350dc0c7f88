public import Hummingbird
public import Registry

/// One API, or the pages: it owns some paths and answers what is asked there.
public protocol Dialect: Sendable {
    /// A short name for logs and metrics, `cos`.
    var name: String { get }
    /// The raw path prefixes that it owns, `/api/v1/`. Of two dialects that could answer, the one
    /// with the longer prefix is asked first.
    var prefixes: [String] { get }
    /// What the policy calls it, where it says what the anonymous may do there.
    var door: AccessDoor? { get }
    /// What the sender must be allowed before the dialect is asked; nil when the path is not its
    /// own. `HEAD` arrives as `GET`.
    func need(of request: Request, path: RawPath, context: AppRequestContext) -> AccessNeed?
    /// Answers, or returns nil when the path is not its own. `HEAD` arrives as `GET`.
    func respond(to request: Request, path: RawPath, context: AppRequestContext) async throws
        -> Response?
    /// Says in the dialect's own shape why a request is not answered: it was refused on its way
    /// here, or ``respond(to:path:context:)`` has thrown.
    func refuse(
        _ request: Request, path: RawPath, context: AppRequestContext,
        because error: any AnswerableError
    ) async -> Response
}

extension Dialect {
    public var door: AccessDoor? { nil }

    /// What is not said is not for everybody.
    public func need(
        of request: Request, path: RawPath, context: AppRequestContext
    ) -> AccessNeed? {
        request.method == .get ? .readEverything : .administer
    }

    public func refuse(
        _ request: Request, path: RawPath, context: AppRequestContext,
        because error: any AnswerableError
    ) async -> Response {
        .message(
            error.status, error.explanation, requestID: context.requestID, headers: error.fields)
    }
}
