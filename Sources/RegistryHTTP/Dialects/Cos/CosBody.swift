import HTTPTypes
import Hummingbird
import JSON

/// Why a body is no value.
enum CosBodyError: Error, Hashable, Sendable {
    case mediaType(String)
    case syntax(JSONSyntaxError)
}

extension CosCall {
    /// Reads the body as JSON, or as a form; none, or an empty one, is `{}`.
    ///
    /// - Throws: ``CosBodyError``, or ``BodyError`` when the body was not taken.
    func body() async throws -> JSONValue {
        let bytes = try await readBody(of: request, context: context)
        return try JSONValue(cosBody: bytes, contentType: request.headers[.contentType] ?? "")
    }
}

extension JSONValue {
    /// Members that are lists, also when a form names them once.
    private static let lists = [
        "grafana_dashboards", "foxglove_dashboards", "prometheus_alert_rule_files",
        "loki_alert_rule_files",
    ]

    init(cosBody bytes: [UInt8], contentType: String) throws(CosBodyError) {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        switch type.filter({ $0 != " " && $0 != "\t" }) {
        case _ where bytes.isEmpty:
            self = [:]
        case "application/json":
            do {
                try self.init(parsing: bytes, options: .api)
            } catch {
                throw .syntax(error)
            }
        case "application/x-www-form-urlencoded":
            self = Self.form(RawQuery(String(decoding: bytes, as: UTF8.self)))
        default:
            throw .mediaType(contentType)
        }
    }

    /// The pairs of a form as an object: all values of a list, of other names the last.
    private static func form(_ form: RawQuery) -> JSONValue {
        var object = JSONObject()
        for pair in form.pairs {
            let name = JSONString(pair.name)
            if lists.contains(pair.name) {
                object[name] = .array((object[name]?.array ?? []) + [.text(pair.value)])
            } else {
                object[name] = .text(pair.value)
            }
        }
        return .object(object)
    }
}
