/// The fleet as a tree: `/fleet/`.
public struct FleetPage: Sendable {
    public var projects: [FleetProject]
    /// How many devices the project has.
    public var deviceCount: Int
    /// The rows that are open, from the top; empty where `query` is not.
    public var rows: [FleetRow]
    /// What was searched for.
    public var query: String
    public var found: [FleetFound]
    /// Whether there are more than ``found``.
    public var hasMore: Bool
    /// The uid of the project that is shown; nil where there is none.
    public var project: String?

    public init(
        projects: [FleetProject], project: String?, deviceCount: Int = 0, rows: [FleetRow] = [],
        query: String = "", found: [FleetFound] = [], hasMore: Bool = false
    ) {
        self.projects = projects
        self.project = project
        self.deviceCount = deviceCount
        self.rows = rows
        self.query = query
        self.found = found
        self.hasMore = hasMore
    }
}

/// A project that can be shown.
public struct FleetProject: Hashable, Sendable {
    public var uid: String
    public var name: String
    public var deviceCount: Int

    public init(uid: String, name: String, deviceCount: Int) {
        self.uid = uid
        self.name = name
        self.deviceCount = deviceCount
    }
}

/// A place or device of the tree.
public struct FleetNode: Hashable, Sendable {
    /// Names it in addresses, `regions/hall-2`.
    public var path: String
    /// `cloud`, `region`, `cell`, `host` or `network device`.
    public var kind: String
    public var name: String
    public var number: Int
    /// The uid of a device, which has a page of its own.
    public var device: String?
    public var address: String?
    public var isActive: Bool
    public var deviceCount: Int
    public var hasChildren: Bool

    public init(
        path: String, kind: String, name: String, number: Int, device: String? = nil,
        address: String? = nil, isActive: Bool = true, deviceCount: Int, hasChildren: Bool
    ) {
        self.path = path
        self.kind = kind
        self.name = name
        self.number = number
        self.device = device
        self.address = address
        self.isActive = isActive
        self.deviceCount = deviceCount
        self.hasChildren = hasChildren
    }
}

/// One line of the tree.
public enum FleetRow: Hashable, Sendable {
    /// - Parameter above: what stays open when this is closed; nil for the top.
    case node(FleetNode, depth: Int, isOpen: Bool, above: String?)
    /// That a level goes on.
    ///
    /// - Parameters:
    ///   - below: whose children they are; nil for the clouds.
    ///   - from: how many come before.
    case more(below: String?, depth: Int, from: Int, total: Int, isBack: Bool)
}

/// A node that was searched for, with what is above it.
public struct FleetFound: Hashable, Sendable {
    public var node: FleetNode
    public var trail: [FleetNode]

    public init(node: FleetNode, trail: [FleetNode]) {
        self.node = node
        self.trail = trail
    }
}

/// What the fleet says of one device.
public struct DevicePlace: Sendable {
    /// From the cloud down to the device.
    public var trail: [FleetNode]
    public var number: Int
    public var variables: [FleetVariable]
    public var labels: [String]

    public init(
        trail: [FleetNode], number: Int, variables: [FleetVariable], labels: [String]
    ) {
        self.trail = trail
        self.number = number
        self.variables = variables
        self.labels = labels
    }
}

/// A variable that counts for a device.
public struct FleetVariable: Hashable, Sendable {
    public var name: String
    /// As JSON, on one line.
    public var value: String
    public var source: FleetNode
    /// Whether it is the device's own.
    public var isOwn: Bool

    public init(name: String, value: String, source: FleetNode, isOwn: Bool) {
        self.name = name
        self.value = value
        self.source = source
        self.isOwn = isOwn
    }
}
