import JSON

extension CosSchema {
    /// What the paths refer to.
    static let components: JSONValue = [
        "parameters": parameters, "responses": sharedResponses, "schemas": schemas,
    ]

    private static let parameters: JSONValue = [
        "uid": [
            "name": "uid", "in": "path", "required": true, "schema": ["type": "string"],
            "description": "Percent-encoded; `%2F` is a character of the uid.",
        ],
        "fields": [
            "name": "fields", "in": "query", "schema": ["type": "string"],
            "description": "The members to answer with, separated by commas.",
            "example": "uid,address",
        ],
    ]

    private static let sharedResponses: JSONValue = [
        "NotModified": ["description": "The client has this version (`If-None-Match`)."],
        "Invalid": response(
            "What is wrong: messages by member, one `detail`, or (certificates) a list.",
            ["type": ["object", "array"]]),
        "NotFound": response("Nothing has that uid.", detail),
        "Conflict": response(
            "The uid is taken (`error`), or an uncommitted edit is in the way (`detail`).",
            ["type": "object", "additionalProperties": text]),
        "PreconditionFailed": response("The document has changed (`If-Match`).", detail),
        "TooLarge": response("The body is longer than the server takes.", detail),
        "MediaType": response("The body is neither JSON nor a form.", detail),
        "Unavailable": response("Writing is not possible now; nothing was changed.", detail),
        "StorageFull": response("There is too little space; nothing was changed.", detail),
    ]

    private static let schemas: JSONValue = [
        "Device": object(device + [("creation_date", date), ("certificate", deviceCertificate)]),
        "NewDevice": object(device, required: ["uid", "address"]),
        "DeviceChange": object(device),
        "Certificate": object(certificate, required: certificate.map(\.name)),
        "ChangedCertificate": object(
            certificate + [("updated_at", date)], required: certificate.map(\.name)),
        "NewCertificate": object(
            [("csr", described(text, "A PKCS#10 request in PEM."))], required: ["csr"]),
        "CertificateChange": object(
            [("status", text), ("certificate", text), ("ca", text), ("chain", text)]),
        "Dashboard": object(
            [("uid", uid), ("dashboard", ["type": "object"])], required: ["uid", "dashboard"]),
        "NewDashboard": object(dashboardChange, required: ["uid", "dashboard"]),
        "DashboardChange": object(dashboardChange),
        "RuleFile": object(
            ruleFileChange + [("template", ["type": "boolean"])],
            required: ["uid", "rules", "template"]),
        "ListedRuleFile": object(
            [
                ("uid", described(text, "`<rule uid>/<device uid>` for a rendered template.")),
                ("rules", rules),
                ("template", described(["const": false], "Missing for a rendered template.")),
            ], required: ["uid", "rules"]),
        "NewRuleFile": object(ruleFileChange, required: ["uid", "rules"]),
        "RuleFileChange": object(ruleFileChange),
    ]

    private typealias Members = [(name: JSONString, schema: JSONValue)]

    private static let device: Members = [
        ("uid", uid),
        ("address", described(text, "An IPv4 or IPv6 address, or a host name.")),
        ("public_ssh_key", described(text, "OpenSSH form; not parsed.")),
        ("grafana_dashboards", uids), ("foxglove_dashboards", uids),
        ("prometheus_alert_rule_files", uids), ("loki_alert_rule_files", uids),
    ]

    private static let certificate: Members = [
        ("status", ["type": "string", "enum": ["pending", "signed", "denied"]]),
        ("csr", text), ("certificate", text), ("ca", text), ("chain", text),
    ]

    private static let deviceCertificate: JSONValue = [
        "anyOf": [
            ["type": "null"],
            object(certificate + [("created_at", date), ("updated_at", date)]),
        ]
    ]

    private static let dashboardChange: Members = [
        ("uid", uid),
        (
            "dashboard",
            described(["type": ["object", "string"]], "An object, or the text of one.")
        ),
    ]

    private static let ruleFileChange: Members = [("uid", uid), ("rules", rules)]

    private static let text: JSONValue = ["type": "string"]
    private static let date: JSONValue = ["type": "string", "format": "date-time"]
    private static let rules = described(text, "YAML with a mapping at its root.")
    private static let detail = object([("detail", text)], required: ["detail"])

    private static let uid: JSONValue = [
        "type": "string", "minLength": 1, "maxLength": 200,
        "description": "Printable characters, but not `.` or `..` alone.",
    ]

    private static let uids: JSONValue = [
        "type": "array", "items": ["type": "string"],
        "description": "The uids of existing documents, each once.",
    ]

    private static func object(_ members: Members, required: [JSONString] = []) -> JSONValue {
        var object: JSONObject = [
            "type": "object",
            "properties": .object(JSONObject(members.map { ($0.name, $0.schema) })),
        ]
        if !required.isEmpty { object["required"] = .array(required.map { .string($0) }) }
        return .object(object)
    }

    private static func described(_ schema: JSONValue, _ description: String) -> JSONValue {
        guard case .object(var object) = schema else { return schema }
        object["description"] = .text(description)
        return .object(object)
    }

    private static func response(_ description: String, _ schema: JSONValue) -> JSONValue {
        [
            "description": .text(description),
            "content": ["application/json": ["schema": schema]],
        ]
    }
}
