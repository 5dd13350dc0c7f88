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
        var members: JSONObject = [:]
        if case RegistryError.unmergeable(let conflicts, let problems) = error {
            members["conflicts"] = .array(conflicts.map(\.json))
            members["problems"] = .array(problems.map(\.json))
        }
        return problem(
            error.status, error.explanation, context, members: members, headers: error.fields)
    }
}
