public import Logging
public import RegistryStore
public import StateStore
import Registry
import Synchronization

/// Tells endpoints of webhooks what happens to the registry: each of them everything, in its order,
/// one message at a time.
///
/// What is to be told is found from the commit that an endpoint was last told of, so that neither a
/// restart nor an endpoint that is away for days loses a change.
public final class WebhookSender: Sendable {
    public let webhooks: WebhookStore
    let store: RegistryStore
    let logger: Logger
    let client: WebhookClient
    private let working = Mutex<Set<String>>([])
    let counts = Mutex(Counts())

    struct Counts {
        var delivered: UInt64 = 0
        var failedAttempts: UInt64 = 0
        var givenUp: UInt64 = 0
    }

    /// How often it looks for endpoints that a command has added.
    private static let interval: Duration = .seconds(1)
    /// Commits that come in quick succession go together.
    private static let pause: Duration = .milliseconds(100)
    /// So many commits are in a message at most.
    private static let commitLimit = 100

    /// - Parameter allowsLocal: whether messages may go to this machine itself.
    public init(
        _ webhooks: WebhookStore, store: RegistryStore, allowsLocal: Bool, logger: Logger
    ) {
        self.webhooks = webhooks
        self.store = store
        self.logger = logger
        client = WebhookClient(allowsLocal: allowsLocal)
    }

    /// Sends until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let seen = store.index.publicationCount
                for endpoint in endpoints()
                where working.withLock({ $0.insert(endpoint.id).inserted }) {
                    group.addTask {
                        await self.work(on: endpoint.id)
                        _ = self.working.withLock { $0.remove(endpoint.id) }
                    }
                }
                await waitForNews(after: seen)
            }
            group.cancelAll()
        }
    }

    private func endpoints() -> [WebhookEndpoint] {
        do throws(StateError) {
            return try webhooks.endpoints().filter(\.isEnabled)
        } catch {
            note(error)
            return []
        }
    }

    private func waitForNews(after seen: UInt64) async {
        let index = store.index
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await index.waitForPublication(after: seen) }
            group.addTask { try? await Task.sleep(for: Self.interval) }
            await group.next()
            group.cancelAll()
        }
        try? await Task.sleep(for: Self.pause)
    }

    /// Sends to an endpoint all that is due.
    private func work(on id: String) async {
        do {
            while !Task.isCancelled, let endpoint = try webhooks.endpoint(id), endpoint.isEnabled {
                if let delivery = try webhooks.firstPending(for: id) {
                    guard let due = delivery.nextAttempt, due <= .now else { return }
                    try await attempt(delivery, for: endpoint)
                } else {
                    guard try await enqueueNews(for: endpoint) else { return }
                }
            }
        } catch {
            note(error)
        }
    }

    /// Makes the next message of what an endpoint was not told of.
    ///
    /// - Returns: false when it knows all.
    private func enqueueNews(for endpoint: WebhookEndpoint) async throws -> Bool {
        guard let events = try await news(for: endpoint) else {
            // Its history is gone; what is there now is all that can be told.
            guard let newest = store.index.committed.commit else { return false }
            try webhooks.move(endpoint.id, to: newest)
            return true
        }
        guard let last = events.last?.commit.revision else { return false }
        let wanted = events.compactMap { event in
            changes(of: event, for: endpoint).map { (event: event, changes: $0) }
        }
        guard !wanted.isEmpty else {
            try webhooks.move(endpoint.id, to: last)
            return true
        }
        let message = WebhookMessage.changed(
            wanted, branch: store.status.branch, before: events.first?.previous, after: last,
            at: .now)
        try webhooks.enqueue(
            message, type: WebhookMessage.changed, for: endpoint.id, reaching: last)
        return true
    }

    /// What an endpoint was not told of; nil where the commit that it knows is gone.
    private func news(for endpoint: WebhookEndpoint) async throws -> [CommitEvent]? {
        let position = endpoint.position.map { EventPosition.after($0) } ?? .start
        do {
            return try await store.events(position, limit: Self.commitLimit)
        } catch {
            if case RegistryError.unknownRevision = error { return nil }
            throw error
        }
    }

    private func changes(
        of event: CommitEvent, for endpoint: WebhookEndpoint
    ) -> [CommitEvent.Change]? {
        guard !endpoint.collections.isEmpty else { return event.changes }
        let changes = event.changes.filter { endpoint.collections.contains($0.key.collection.name) }
        return changes.isEmpty ? nil : changes
    }

    func note(_ error: any Error) {
        guard !(error is CancellationError) else { return }
        logger.error("Webhooks could not be worked on.", metadata: ["error": "\(error)"])
    }
}
