/// A folder of documents of one kind.
///
/// One byte, because every document and every reference carries one.
public enum Collection: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case devices
    case grafanaDashboards
    case foxgloveDashboards
    case prometheusAlertRules
    case lokiAlertRules
    case certificates
    case cratonProjects
    case cratonUsers
    case cratonClouds
    case cratonRegions
    case cratonCells
    case cratonNetworks
    case cratonInterfaces
    case deviceVariables
    case projectVariables
    case cloudVariables
    case regionVariables
    case cellVariables
    case networkVariables
    case interfaceVariables

    /// The folder's path from the top of the repository, `devices` or `craton/regions`.
    public var name: String {
        switch self {
        case .devices: "devices"
        case .grafanaDashboards: "grafana_dashboards"
        case .foxgloveDashboards: "foxglove_dashboards"
        case .prometheusAlertRules: "prometheus_alert_rules"
        case .lokiAlertRules: "loki_alert_rules"
        case .certificates: "certificates"
        case .cratonProjects: "craton/projects"
        case .cratonUsers: "craton/users"
        case .cratonClouds: "craton/clouds"
        case .cratonRegions: "craton/regions"
        case .cratonCells: "craton/cells"
        case .cratonNetworks: "craton/networks"
        case .cratonInterfaces: "craton/interfaces"
        case .deviceVariables: "variables/devices"
        case .projectVariables: "variables/projects"
        case .cloudVariables: "variables/clouds"
        case .regionVariables: "variables/regions"
        case .cellVariables: "variables/cells"
        case .networkVariables: "variables/networks"
        case .interfaceVariables: "variables/interfaces"
        }
    }

    /// How file names end, `.json` or `.rules`.
    public var suffix: String {
        switch self {
        case .prometheusAlertRules, .lokiAlertRules: ".rules"
        default: ".json"
        }
    }

    public var description: String { name }
}

/// Names one document of the registry.
public struct DocumentKey: Hashable, Sendable, CustomStringConvertible {
    // In this order a key has 17 bytes; the other way round it has 24.
    public let id: DocumentID
    public let collection: Collection

    public init(_ collection: Collection, _ id: DocumentID) {
        self.collection = collection
        self.id = id
    }

    /// `devices/robot-1`, as commit subjects and messages name it.
    public var description: String { "\(collection)/\(id)" }
}

extension DocumentKey: Comparable {
    /// By collection, then by uid.
    public static func < (left: DocumentKey, right: DocumentKey) -> Bool {
        left.collection == right.collection
            ? left.id < right.id
            : left.collection.name.utf8.lexicographicallyPrecedes(right.collection.name.utf8)
    }
}
