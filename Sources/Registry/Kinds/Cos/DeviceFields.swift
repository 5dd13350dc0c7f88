/// One of the nine members of a device in the COS API, in the order of answers.
public enum DeviceField: String, Hashable, Sendable, CaseIterable {
    case uid
    case creationDate = "creation_date"
    case address
    case publicSSHKey = "public_ssh_key"
    case grafanaDashboards = "grafana_dashboards"
    case foxgloveDashboards = "foxglove_dashboards"
    case prometheusAlertRuleFiles = "prometheus_alert_rule_files"
    case lokiAlertRuleFiles = "loki_alert_rule_files"
    case certificate
}

/// Which of a device's nine members an answer holds.
public struct DeviceFields: Hashable, Sendable {
    /// One bit for each field, the first in the lowest.
    public let bits: UInt16

    public static let all = DeviceFields(DeviceField.allCases)

    private init(_ fields: [DeviceField]) {
        bits = fields.reduce(0) { $0 | Self.bit($1) }
    }

    /// Reads the query parameter `fields`: names with commas between; nothing means all.
    ///
    /// - Throws: one message for each unknown name, under `fields`.
    public init(parsing text: String) throws(FieldErrors) {
        let asked = text.utf8.split(separator: UInt8(ascii: ","))
            .map { String(Substring($0)).trimmingSpaces() }.filter { !$0.isEmpty }
        var errors = FieldErrors()
        errors.add(
            asked.filter { DeviceField(rawValue: $0) == nil }.map { "Unknown field: \($0)." },
            to: "fields")
        guard errors.isEmpty else { throw errors }
        self = asked.isEmpty ? .all : DeviceFields(asked.compactMap(DeviceField.init))
    }

    /// In the order of answers.
    public var names: [String] { DeviceField.allCases.filter(contains).map(\.rawValue) }

    public func contains(_ field: DeviceField) -> Bool { bits & Self.bit(field) != 0 }

    private static func bit(_ field: DeviceField) -> UInt16 {
        switch field {
        case .uid: 1
        case .creationDate: 1 << 1
        case .address: 1 << 2
        case .publicSSHKey: 1 << 3
        case .grafanaDashboards: 1 << 4
        case .foxgloveDashboards: 1 << 5
        case .prometheusAlertRuleFiles: 1 << 6
        case .lokiAlertRuleFiles: 1 << 7
        case .certificate: 1 << 8
        }
    }
}
