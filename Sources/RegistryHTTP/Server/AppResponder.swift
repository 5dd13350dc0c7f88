public import Hummingbird
import Logging

/// Answers every request: the chain of middleware, and the dialects at its end.
public struct AppResponder: HTTPResponder {
    typealias Respond = @Sendable (Request, AppRequestContext) async throws -> Response

    private let state: ServerState
    private let respond: Respond

    init(state: ServerState, dialects: [any Dialect]) {
        self.state = state
        // From the outside in.
        respond = Self.chain(
            [
                RequestLog(),
                SecurityFields(),
                ErrorAnswers(),
                ForwardedFields(state.configuration),
                HostAllowList(state.configuration),
                PublicLinks(state.configuration),
                PathPrefix(state.configuration),
                HeadAsGet(),
            ], around: DialectResponder(dialects).respond)
    }

    public func respond(to request: Request, context: Connection) async throws -> Response {
        let configuration = state.configuration
        return try await respond(
            request,
            AppRequestContext(
                snapshot: state.snapshot(), requestID: "", scheme: "http",
                host: request.head.authority ?? "", prefix: configuration.effectivePrefix,
                remoteAddress: context.peerAddress, logger: state.logger,
                configuration: configuration, connection: context, state: state,
                record: RequestRecord()))
    }

    private static func chain(
        _ steps: [any AppMiddleware], around last: @escaping Respond
    ) -> Respond {
        steps.reversed().reduce(last) { next, step in
            { try await step.handle($0, context: $1, next: next) }
        }
    }
}

/// One step of the chain.
typealias AppMiddleware = MiddlewareProtocol<Request, Response, AppRequestContext>

extension Request {
    /// The same request with this path and query.
    func with(target: String) -> Request {
        var head = head
        head.path = target
        return Request(head: head, body: body)
    }
}
