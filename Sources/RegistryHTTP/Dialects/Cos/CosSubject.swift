import HTTPTypes
import JSON
import Registry

/// What a path of the API is about, as its description tells it.
enum CosSubject: Hashable {
    case health, schema, docs, certificate
    /// A collection of documents, by the name of its schema.
    case list(of: String)
    /// One document, by the name of its schema.
    case item(String)

    init(_ route: CosRoute) {
        let schema =
            switch route.model {
            case .device: "Device"
            case .grafanaDashboard, .foxgloveDashboard: "Dashboard"
            case .prometheusAlertRuleFile, .lokiAlertRuleFile: "RuleFile"
            }
        self =
            switch route.path {
            case "health/": .health
            case "schema/": .schema
            case "docs/": .docs
            case _ where route.isCertificate: .certificate
            default: route.namesDocument ? .item(schema) : .list(of: schema)
            }
    }

    /// Whether `?fields=` selects members.
    var hasFields: Bool { self == .list(of: "Device") || self == .item("Device") }

    func summary(_ method: HTTPRequest.Method) -> String {
        switch (self, method) {
        case (.health, _): "Whether the server answers."
        case (.schema, _): "This description."
        case (.docs, _): "These paths as a page."
        case (.certificate, .get): "The certificate and how far it has come."
        case (.certificate, .post): "Ask for a certificate; its status becomes pending."
        case (.certificate, _): "Sign or deny the request."
        case (.list("RuleFile"), .get):
            "All files, the templates rendered for each device that lists them."
        case (.list, .get): "All of them, oldest first."
        case (.list, _): "Add one."
        case (.item("Dashboard"), .get): "The dashboard alone, as a file."
        case (.item("RuleFile"), .get): "The file, not rendered."
        case (.item, .get): "One of them."
        case (.item("Device"), .patch): "Change members; another uid renames the device."
        case (.item("Device"), .put): "Change members; uid and address are required."
        case (.item("Device"), _): "Remove the device and its certificate."
        case (.item, .patch): "Change it; a uid in the body never renames."
        case (.item, .put): "Change it; all members are required, the uid never renames."
        case (.item, _): "Remove it, also from the lists of devices."
        }
    }

    /// The schema of the request's body; nil for none.
    func body(_ method: HTTPRequest.Method) -> JSONValue? {
        let name: String? =
            switch (self, method) {
            case (.certificate, .post): "NewCertificate"
            case (.certificate, .patch): "CertificateChange"
            case (.list(let schema), .post), (.item(let schema), .put): "New\(schema)"
            case (.item(let schema), .patch): "\(schema)Change"
            default: nil
            }
        return name.map { CosSchema.reference("schemas", $0) }
    }

    func status(_ method: HTTPRequest.Method) -> String {
        switch (self, method) {
        case (.certificate, .post): "202"
        case (.list, .post): "201"
        case (_, .delete): "204"
        default: "200"
        }
    }

    /// The answer when all is well.
    func success(_ method: HTTPRequest.Method) -> JSONValue {
        let (type, schema): (JSONString, JSONValue?) =
            switch (self, method) {
            case (.health, _), (_, .delete), (.certificate, .post): ("", nil)
            case (.schema, _): ("application/vnd.oai.openapi", ["type": "object"])
            case (.docs, _): ("text/html", ["type": "string"])
            case (.certificate, .get): ("application/json", named("Certificate"))
            case (.certificate, _): ("application/json", named("ChangedCertificate"))
            case (.list("RuleFile"), .get): ("application/json", list("ListedRuleFile"))
            case (.list(let name), .get): ("application/json", list(name))
            case (.item("Dashboard"), .get): ("application/json", ["type": "object"])
            case (.list(let name), _), (.item(let name), _): ("application/json", named(name))
            }
        guard let schema else { return ["description": "Done; no body."] }
        return [
            "description": "Done.", "content": .object([type: ["schema": schema]]),
        ]
    }

    private func named(_ name: String) -> JSONValue { CosSchema.reference("schemas", name) }

    private func list(_ name: String) -> JSONValue {
        ["type": "array", "items": CosSchema.reference("schemas", name)]
    }
}
