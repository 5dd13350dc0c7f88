import HTTPTypes
import Hummingbird
import JSON
import Registry

extension Response {
    /// A problem (RFC 9457), `application/problem+json`.
    ///
    /// - Parameter members: what a program needs to act on it.
    static func problem(
        _ status: HTTPResponse.Status, _ detail: String, _ context: AppRequestContext,
        members: JSONObject = [:], headers: HTTPFields = [:]
    ) -> Response {
        var object = JSONObject()
        object["type"] = .text("about:blank")
        object["title"] = .text(status.reasonPhrase)
        object["status"] = .number(JSONNumber(status.code))
        object["detail"] = .text(detail)
        object["request_id"] = .text(context.requestID)
        for (name, value) in members.members { object[name] = value }
        return .bytes(
            status, JSONValue.object(object).canonicalBytes(),
            contentType: "application/problem+json", headers: headers)
    }

    /// The problem that an error is.
    static func problem(_ error: any AnswerableError, _ context: AppRequestContext) -> Response {
        return problem(
            error.status, error.explanation, context,
            members: error.members,
            headers: error.fields)
    }
}

extension AnswerableError {
    /// What a program needs to act on it.
    fileprivate var members: JSONObject {
        if let error = self as? RegistryError { return error.details }
        guard case .misread(let errors)? = self as? NativeError else { return [:] }
        let first = errors.prefix(DocumentPlan.refusalLimit).map { error -> JSONValue in
            ["index": .number(JSONNumber(error.index)), "detail": .text(error.reason)]
        }
        return ["errors": .array(first), "error_count": .number(JSONNumber(errors.count))]
    }
}
