import HTTPTypes
public import Hummingbird
import Logging
import Registry
import RegistryStore

/// Answers every request: what happens to each of them, and the dialects at its end.
public struct AppResponder: HTTPResponder {
    private let state: ServerState
    private let dialects: DialectResponder
    /// From the outside in; what a server has no use for is left out.
    private let steps: [any RequestStep]

    init(state: ServerState, dialects: [any Dialect]) {
        let settings = state.configuration
        self.state = state
        self.dialects = DialectResponder(dialects)
        let all: [(any RequestStep)?] = [
            ForwardedFields(settings), HostAllowList(settings), PublicLinks(settings),
            PathPrefix(settings),
        ]
        steps = all.compactMap(\.self)
    }

    public func respond(to request: Request, context: Connection) async throws -> Response {
        let log = RequestLog(of: request)
        var context = AppRequestContext(
            state: state, connection: context, requestID: log.requestID, head: request.head)
        defer { state.bodies.release(context.record.takeBodyBytes()) }
        var response = await answer(request, &context)
        context.noteAccess(&response)
        Compression.compress(&response, for: request)
        if context.isHead { response = response.createHeadResponse() }
        SecurityFields.add(to: &response, context)
        log.note(&response, context)
        return response
    }

    private func answer(_ request: Request, _ context: inout AppRequestContext) async -> Response {
        var request = request
        do {
            for step in steps {
                if let answer = step.receive(&request, &context) { return answer }
            }
            try await state.authentication.recognize(request, &context)
            // The length stays (RFC 9110, section 9.3.2); the body is taken off at the end.
            if context.isHead { request = request.with { $0.method = .get } }
            var path = request.rawPath
            try dialects.judge(request, path: path, context: context)
            if let name = request.takeAt() {
                path = request.rawPath
                guard request.method == .get else { throw AtError.notForWriting }
                context.show(try await state.otherSnapshot(name), at: name)
            }
            if case .existing(let number)? = request.proposalTarget {
                // What is there to be changed is what the proposal has.
                context.show(try await state.proposedSnapshot(number), at: "proposal:\(number)")
            }
            return try await dialects.respond(to: request, path: path, context: context)
        } catch {
            return await dialects.refuse(request, context: context, because: error)
        }
    }
}

/// One step on the way to the dialects. None waits for anything.
protocol RequestStep: Sendable {
    /// Changes the request or what is known about it, or answers in the dialects' place.
    func receive(_ request: inout Request, _ context: inout AppRequestContext) -> Response?
}

extension Request {
    fileprivate var rawPath: RawPath { RawPath(target: head.path ?? "/") }

    /// The same request with another head.
    func with(_ change: (inout HTTPRequest) -> Void) -> Request {
        var head = head
        change(&head)
        return Request(head: head, body: body)
    }
}
