import Logging
import Registry
import Synchronization

/// What all requests of one server share.
final class ServerState: Sendable {
    let configuration: ServerConfiguration
    let logger: Logger
    let metrics: ServerMetrics
    let bodies: BodyBudget
    let authentication: Authentication
    let connections = ConnectionCounts()
    /// The newest snapshot.
    let snapshot: @Sendable () -> SharedSnapshot
    /// The registry at another time or place; see ``RegistryStore/snapshot(at:)``.
    let otherSnapshot: @Sendable (_ name: String) async throws -> Snapshot
    private let closing = Atomic(false)

    init(
        configuration: ServerConfiguration, logger: Logger, metrics: ServerMetrics,
        authentication: Authentication = Authentication(),
        snapshot: @escaping @Sendable () -> SharedSnapshot,
        otherSnapshot: @escaping @Sendable (_ name: String) async throws -> Snapshot = { name in
            throw RegistryError.unknownRevision(name)
        }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
        self.authentication = authentication
        self.snapshot = snapshot
        self.otherSnapshot = otherSnapshot
        bodies = BodyBudget(limit: configuration.limits.bodiesInFlightBytes)
    }

    /// The registry at the head of a proposal.
    func proposedSnapshot(_ number: Int) async throws -> Snapshot {
        do {
            return try await otherSnapshot(Proposal.reference(number))
        } catch RegistryError.unknownRevision {
            throw RegistryError.unknownProposal(number)
        }
    }

    /// Whether the server is about to stop and wants no new clients.
    var isClosing: Bool { closing.load(ordering: .relaxed) }

    func beginClosing() { closing.store(true, ordering: .relaxed) }
}

/// What is noted about one request while it is answered.
final class RequestRecord: Sendable {
    private struct Notes {
        var dialect = "none"
        var bodyBytes = 0
        var access = Access()
    }

    /// What is known of who may do what.
    struct Access {
        /// The door of the dialect that was asked.
        var door: AccessDoor?
        var hasOwnLogin = false
        /// The right that few have and that the request took.
        var privilege: AccessRight?
        /// The proposal that a write has become, because the policy wants that.
        var proposal: Int?
    }

    /// The request's method, which is its name in the audit log.
    let action: String
    private let target: String
    private let notes = Mutex(Notes())

    init(action: String, target: String) {
        self.action = action
        self.target = target
    }

    /// The request's subject in the audit log, `/api/v1/devices/`.
    var path: String { RawPath.pathText(of: target) }

    var access: Access {
        get { notes.withLock { $0.access } }
        set { notes.withLock { $0.access = newValue } }
    }

    /// Who answered, for logs and metrics.
    var dialect: String {
        get { notes.withLock { $0.dialect } }
        set { notes.withLock { $0.dialect = newValue } }
    }

    /// The bytes of its body that are counted in the server's budget.
    func addBodyBytes(_ count: Int) { notes.withLock { $0.bodyBytes += count } }

    func takeBodyBytes() -> Int {
        notes.withLock { notes in
            defer { notes.bodyBytes = 0 }
            return notes.bodyBytes
        }
    }
}
