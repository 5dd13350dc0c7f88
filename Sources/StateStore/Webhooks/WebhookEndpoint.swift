public import Registry

/// An address that is told of what happens to the registry.
public struct WebhookEndpoint: Hashable, Sendable {
    /// `wh_` and 16 hex digits.
    public let id: String
    public var url: String
    /// What it is for, in its keeper's words.
    public var description: String
    /// Only changes of these collections, by name; empty for all.
    public var collections: [String]
    /// Why nothing is sent to it; nil while it is in use.
    public var disabledReason: String?
    public let created: Timestamp
    /// The newest commit that it was told of, or need not be; nil before the first.
    public internal(set) var position: Revision?

    public var isEnabled: Bool { disabledReason == nil }

    /// Switches it on or off as a person wants it; one that is off keeps its reason.
    public mutating func setEnabled(_ isWanted: Bool) {
        disabledReason = isWanted ? nil : disabledReason ?? "it was switched off"
    }

    init(
        id: String, url: String, description: String, collections: [String],
        disabledReason: String? = nil, created: Timestamp, position: Revision?
    ) {
        self.id = id
        self.url = url
        self.description = description
        self.collections = collections
        self.disabledReason = disabledReason
        self.created = created
        self.position = position
    }
}

/// One message for one endpoint, sent until it is taken.
public struct WebhookDelivery: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case pending, delivered, failed
    }

    /// `msg_` and 24 hex digits: the `webhook-id`, the same at each attempt.
    public let id: String
    public let endpoint: String
    /// What it tells, `registry.changed`.
    public let type: String
    public let created: Timestamp
    /// The body, JSON.
    public let payload: [UInt8]
    public internal(set) var state: State
    /// When it is tried again; nil unless it is pending.
    public internal(set) var nextAttempt: Timestamp?
    /// In their order.
    public internal(set) var attempts: [WebhookAttempt]
}

/// One try to deliver a message.
public struct WebhookAttempt: Hashable, Sendable {
    public let date: Timestamp
    /// The HTTP status of the answer; nil where there was none.
    public let status: Int?
    /// Why there was no answer, or none that counts.
    public let error: String?
    public let milliseconds: Int

    public init(date: Timestamp, status: Int?, error: String?, milliseconds: Int) {
        self.date = date
        self.status = status
        self.error = error
        self.milliseconds = milliseconds
    }
}
