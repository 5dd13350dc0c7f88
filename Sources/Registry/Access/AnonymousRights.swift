/// A way to the registry, for which the policy says what the anonymous may do there.
public enum AccessDoor: String, Hashable, Sendable, CaseIterable {
    /// The API of the COS registration server, `/api/v1/`.
    case cos
    /// The API of Craton, `/v1/`: its own users log in there by their three header fields.
    case craton
    /// Muster's own API, `/api/registry/v1/`.
    case native
    case pages
    /// Clone, fetch, push and the bundle.
    case git
    /// What monitoring asks, `/metrics`.
    case operations = "metrics"

    /// What an anonymous caller can be allowed there.
    var choices: [AnonymousRights.Choice] {
        switch self {
        case .cos: [.closed, .read, .ownDevice, .open]
        case .operations: [.closed, .read]
        default: [.closed, .read, .open]
        }
    }
}

/// What those may do who say nothing of themselves.
public struct AnonymousRights: Hashable, Sendable {
    public enum Choice: String, Hashable, Sendable {
        case closed
        /// Reading everything.
        case read
        /// What an agent does about the device that it runs on: the one whose registered address
        /// the request comes from, or whose registered certificate the connection has.
        case ownDevice = "own-device"
        /// Reading and changing everything; neither approving nor administering.
        case open
    }

    public var choice: Choice
    /// Where requests must come from; nil for anywhere. From elsewhere it is closed.
    public var networks: [AddressBlock]?

    public init(_ choice: Choice, from networks: [AddressBlock]? = nil) {
        self.choice = choice
        self.networks = networks
    }

    /// What counts for a request from `address`; nil for a Unix socket, which is in no network.
    func choice(from address: String?) -> Choice {
        guard let networks else { return choice }
        guard let address else { return .closed }
        return networks.contains { $0.contains(address) } ? choice : .closed
    }
}
