/// The five kinds of object that the COS registration server stores, with the words of its answers.
///
/// The contract is that of the COS registration server, REST API v1.
public enum CosModel: Hashable, Sendable, CaseIterable {
    case device
    case grafanaDashboard
    case foxgloveDashboard
    case prometheusAlertRuleFile
    case lokiAlertRuleFile

    public var collection: Collection {
        switch self {
        case .device: .devices
        case .grafanaDashboard: .grafanaDashboards
        case .foxgloveDashboard: .foxgloveDashboards
        case .prometheusAlertRuleFile: .prometheusAlertRules
        case .lokiAlertRuleFile: .lokiAlertRules
        }
    }

    /// As messages name it.
    public var name: String {
        switch self {
        case .device: "Device"
        case .grafanaDashboard: "GrafanaDashboard"
        case .foxgloveDashboard: "FoxgloveDashboard"
        case .prometheusAlertRuleFile: "PrometheusAlertRuleFile"
        case .lokiAlertRuleFile: "LokiAlertRuleFile"
        }
    }

    /// The `detail` of a 404.
    public var unknownDetail: String { "No \(name) matches the given query." }

    /// The `error` of a 409.
    public var duplicateError: String { "\(name) uid already exists" }

    /// The message at `uid` where the uid is taken.
    var takenMessage: String {
        let words =
            switch self {
            case .device: "device"
            case .grafanaDashboard: "grafana dashboard"
            case .foxgloveDashboard: "foxglove dashboard"
            case .prometheusAlertRuleFile: "prometheus alert rule file"
            case .lokiAlertRuleFile: "loki alert rule file"
            }
        return "\(words) with this uid already exists."
    }
}

/// What a write asks for.
public enum CosMode: Hashable, Sendable {
    /// POST: a new object, whose uid must be free.
    case create
    /// PUT: the required members must be there; others left out stay.
    case replace(DocumentID)
    /// PATCH: all members may be left out.
    case patch(DocumentID)

    /// The object of the path.
    public var target: DocumentID? {
        switch self {
        case .create: nil
        case .replace(let id), .patch(let id): id
        }
    }

    var requiresMembers: Bool { if case .patch = self { false } else { true } }
}

/// How a write ended.
public enum CosOutcome: Hashable, Sendable {
    /// The object is as asked for; read it from the snapshot of the answer.
    case done(DocumentKey)
    case removed
    /// 400, an object of messages by member.
    case fieldErrors(FieldErrors)
    /// 400, an array of messages.
    case messages([String])
    /// 409
    case duplicate(CosModel)
    /// 404
    case notFound(detail: String)
}
