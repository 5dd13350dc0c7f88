import HTTPTypes
import Hummingbird
import JSON
import Registry

extension CosCall {
    /// The API's answer to what a handler threw; nil for what nobody expected.
    func response(to error: any Error) -> Response? {
        switch error {
        case CosBodyError.syntax(let error):
            .cosDetail(.badRequest, "JSON parse error - \(error)")
        case CosBodyError.mediaType(let type):
            .cosDetail(.unsupportedMediaType, "Unsupported media type \"\(type)\" in request.")
        case let errors as FieldErrors:
            .cos(.badRequest, errors.value)
        case RegistryError.invalid(_, let document):
            .cosDetail(.badRequest, "\(document)")
        case let error as RegistryError where error.wantsMessage:
            .cosDetail(.badRequest, error.explanation)
        case let error as any AnswerableError:
            .cosDetail(error.status, error.explanation, headers: error.fields)
        default:
            nil
        }
    }

    /// The 404 of most paths.
    var unknown: Response { .cosDetail(.notFound, model.unknownDetail) }
}

extension Response {
    /// An answer of JSON, without white space.
    static func cos(
        _ status: HTTPResponse.Status, _ body: JSONValue, headers: HTTPFields = [:]
    ) -> Response {
        .json(status, body.compactBytes(), headers: headers)
    }

    /// The shape of most errors: `{"detail": "..."}`.
    static func cosDetail(
        _ status: HTTPResponse.Status, _ text: String, headers: HTTPFields = [:]
    ) -> Response {
        .cos(status, ["detail": .text(text)], headers: headers)
    }
}
