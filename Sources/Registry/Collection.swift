/// A folder of documents of one kind.
public struct Collection: Hashable, Sendable, CustomStringConvertible {
    /// The folder's path from the top of the repository, `devices` or `craton/regions`.
    public let name: String
    /// How file names end, `.json` or `.rules`.
    public let suffix: String

    public init(name: String, suffix: String = ".json") {
        self.name = name
        self.suffix = suffix
    }

    public var description: String { name }

    // The name says it all; hashing both takes twice the time on the way to every document.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    public static let devices = Collection(name: "devices")
    public static let grafanaDashboards = Collection(name: "grafana_dashboards")
    public static let foxgloveDashboards = Collection(name: "foxglove_dashboards")
    public static let prometheusAlertRules = Collection(
        name: "prometheus_alert_rules", suffix: ".rules")
    public static let lokiAlertRules = Collection(name: "loki_alert_rules", suffix: ".rules")
    public static let certificates = Collection(name: "certificates")
}

/// Names one document of the registry.
public struct DocumentKey: Hashable, Sendable, CustomStringConvertible {
    public let collection: Collection
    public let id: DocumentID

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
