public import HTTPTypes
import Hummingbird
import Logging
import Registry

extension Response {
    /// The last resort: the answer to an error that no dialect handled. What nobody expected is logged.
    static func unhandled(
        _ error: any Error, _ request: Request, _ context: AppRequestContext
    ) -> Response {
        if let error = error as? any AnswerableError {
            return .message(
                error.status, error.explanation, requestID: context.requestID,
                headers: error.fields)
        }
        context.logger.error(
            "A request failed unexpectedly.",
            metadata: [
                "path": "\(RawPath.pathText(of: request.head.path ?? "/"))",
                "error": "\(error)",
            ])
        return .message(
            .internalServerError, "Internal Server Error", requestID: context.requestID)
    }
}

/// An error that says how to answer; dialects use the parts and their own body.
public protocol AnswerableError: Error {
    var status: HTTPResponse.Status { get }
    /// A sentence for the client.
    var explanation: String { get }
    /// Further fields of the answer, such as `Retry-After`.
    var fields: HTTPFields { get }
}

extension AnswerableError {
    public var fields: HTTPFields { [:] }
}

extension BodyError: AnswerableError {
    public var status: HTTPResponse.Status {
        switch self {
        case .tooLarge: .contentTooLarge
        case .tooSlow: .requestTimeout
        case .tooManyInFlight: .serviceUnavailable
        case .incomplete: .badRequest
        }
    }

    public var explanation: String {
        switch self {
        case .tooLarge(let limit): "The request body is longer than \(limit) bytes."
        case .tooSlow: "The request body came too slowly."
        case .tooManyInFlight: "The server is reading as many request bodies as it can hold."
        case .incomplete: "The request body ended before it was complete."
        }
    }

    public var fields: HTTPFields { self == .tooManyInFlight ? [.retryAfter: "1"] : [:] }
}

extension PreconditionFailed: AnswerableError {
    public var status: HTTPResponse.Status { .preconditionFailed }
    public var explanation: String { "The document is not the version that the request names." }
    public var fields: HTTPFields { current.map { [.eTag: $0.description] } ?? [:] }
}
