public import JSON

/// What the Craton API lists: nine collections of its own names.
///
/// The contract is that of OpenStack Craton's inventory API, version 1.
public enum CratonKind: String, Hashable, Sendable, CaseIterable {
    case clouds
    case regions
    case cells
    case hosts
    case networkDevices = "network-devices"
    case networks
    case networkInterfaces = "network-interfaces"
    case users
    case projects

    /// As addresses name it, `network-devices`.
    public var path: String { rawValue }

    /// As the member of a list is called, `network_devices`.
    public var listName: JSONString {
        switch self {
        case .networkDevices: "network_devices"
        case .networkInterfaces: "network_interfaces"
        default: JSONString(rawValue)
        }
    }

    /// One of them, as messages and commits say it.
    public var noun: String {
        switch self {
        case .networkDevices: "network device"
        case .networkInterfaces: "network interface"
        default: String(rawValue.dropLast())
        }
    }

    public var family: CratonFamily {
        switch self {
        case .clouds: .cloud
        case .regions: .region
        case .cells: .cell
        case .hosts, .networkDevices: .device
        case .networks: .network
        case .networkInterfaces: .interface
        case .users: .user
        case .projects: .project
        }
    }

    /// Where their documents are.
    public var collection: Collection { family.collection }

    /// Whether they have variables.
    public var hasVariables: Bool { collection.variables != nil }

    public var isDevice: Bool { family == .device }

    /// Whether variables of levels above show through.
    public var inheritsVariables: Bool {
        switch self {
        case .regions, .cells, .hosts, .networkDevices: true
        default: false
        }
    }
}

/// The kinds that draw their numbers from one sequence.
public enum CratonFamily: String, Hashable, Sendable, CaseIterable {
    case device, region, cell, cloud, network, interface, user, project

    public var collection: Collection {
        switch self {
        case .device: .devices
        case .region: .cratonRegions
        case .cell: .cratonCells
        case .cloud: .cratonClouds
        case .network: .cratonNetworks
        case .interface: .cratonInterfaces
        case .user: .cratonUsers
        case .project: .cratonProjects
        }
    }

    /// The family whose documents are in `collection`.
    public init?(_ collection: Collection) {
        guard let family = Self.allCases.first(where: { $0.collection == collection }) else {
            return nil
        }
        self = family
    }

    /// Whether its documents have integers; projects are known by their UUID.
    var hasAliases: Bool { self != .project }

    /// What a new name must differ from: those of the same owner; nil where names may repeat.
    var nameOwner: CratonReference? {
        switch self {
        case .cloud, .user: .project
        case .region: .cloud
        case .cell, .device, .network: .region
        case .interface: .device
        case .project: nil
        }
    }
}

/// What a document of the Craton API may name.
public enum CratonReference: String, Hashable, Sendable, CaseIterable {
    case project, cloud, region, cell, parent, device, network

    var family: CratonFamily {
        switch self {
        case .project: .project
        case .cloud: .cloud
        case .region: .region
        case .cell: .cell
        case .parent, .device: .device
        case .network: .network
        }
    }

    var collection: Collection { family.collection }

    /// The member of a document.
    var member: JSONString { JSONString(rawValue) }

    func key(_ id: DocumentID) -> DocumentKey { DocumentKey(collection, id) }
}
