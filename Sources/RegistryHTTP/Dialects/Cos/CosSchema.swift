import HTTPTypes
import JSON
import Registry

/// The OpenAPI 3.1 description of the API, made from its route table.
enum CosSchema {
    /// JSON, which is YAML too, as `application/vnd.oai.openapi` promises.
    static let bytes = document.canonicalBytes()

    static let document: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "COS registration server API", "version": "1",
            "description": .text(
                "Devices, dashboards, alert rules and certificates. Every accepted change is one "
                    + "git commit, which `Registry-Commit` names. Paths end in a slash."),
        ],
        "paths": .object(paths),
        "components": components,
    ]

    private static var paths: JSONObject {
        var paths = JSONObject()
        for route in CosDialect.routes {
            paths[JSONString("/api/v1/" + route.path(writingUIDAs: "{uid}"))] = item(route)
        }
        return paths
    }

    private static func item(_ route: CosRoute) -> JSONValue {
        var item = JSONObject()
        if route.namesDocument { item["parameters"] = [reference("parameters", "uid")] }
        for method in route.methods {
            item[JSONString(method.rawValue.lowercased())] = operation(method, route)
        }
        return .object(item)
    }

    private static func operation(_ method: HTTPRequest.Method, _ route: CosRoute) -> JSONValue {
        let subject = CosSubject(route)
        var operation: JSONObject = [
            "operationId": .text(operationID(method, route)),
            "summary": .text(subject.summary(method)),
        ]
        if subject.hasFields, method != .delete {
            operation["parameters"] = [reference("parameters", "fields")]
        }
        if let schema = subject.body(method) {
            let media: JSONValue = ["schema": schema]
            operation["requestBody"] = [
                "required": .bool(method != .patch),
                "content": [
                    "application/json": media, "application/x-www-form-urlencoded": media,
                ],
            ]
        }
        operation["responses"] = responses(method, route, subject)
        return .object(operation)
    }

    /// `patch devices/<uid>/certificate/` is `patchDevicesUidCertificate`.
    private static func operationID(_ method: HTTPRequest.Method, _ route: CosRoute) -> String {
        let words = route.path(writingUIDAs: "uid").split { $0 == "/" || $0 == "_" }
        return method.rawValue.lowercased() + words.map(\.capitalizedFirst).joined()
    }

    private static func responses(
        _ method: HTTPRequest.Method, _ route: CosRoute, _ subject: CosSubject
    ) -> JSONValue {
        var responses: JSONObject = [JSONString(subject.status(method)): subject.success(method)]
        var names: [(status: String, name: String)] = []
        if method == .get, subject != .health { names.append(("304", "NotModified")) }
        if method != .get && method != .delete || subject.hasFields && method == .get {
            names.append(("400", "Invalid"))
        }
        if route.namesDocument { names.append(("404", "NotFound")) }
        if method != .get {
            names += [
                ("409", "Conflict"), ("412", "PreconditionFailed"), ("503", "Unavailable"),
                ("507", "StorageFull"),
            ]
        }
        if method != .get, method != .delete {
            names += [("413", "TooLarge"), ("415", "MediaType")]
        }
        for (status, name) in names.sorted(by: { $0.status < $1.status }) {
            responses[JSONString(status)] = reference("responses", name)
        }
        return .object(responses)
    }

    /// A reference into `components`.
    static func reference(_ section: String, _ name: String) -> JSONValue {
        ["$ref": .text("#/components/\(section)/\(name)")]
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
