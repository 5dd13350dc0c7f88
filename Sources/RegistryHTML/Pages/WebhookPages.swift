/// Who is told of changes: `/repository/webhooks`.
public struct WebhookListPage: Sendable {
    /// One endpoint.
    public struct Row: Sendable {
        public var id: String
        public var url: String
        public var description: String
        /// Nil while it is in use.
        public var disabledReason: String?

        public init(id: String, url: String, description: String, disabledReason: String?) {
            self.id = id
            self.url = url
            self.description = description
            self.disabledReason = disabledReason
        }
    }

    public var rows: [Row]
    /// The names of all collections, to choose from.
    public var collections: [String]
    /// What has just been done.
    public var done: String?

    public init(rows: [Row], collections: [String], done: String? = nil) {
        self.rows = rows
        self.collections = collections
        self.done = done
    }
}

/// One endpoint and what was sent to it: `/repository/webhooks/<id>`.
public struct WebhookPage: Sendable {
    public struct Delivery: Sendable {
        public var id: String
        public var type: String
        public var created: Moment
        /// `pending`, `delivered` or `failed`.
        public var state: String
        public var attempts: Int
        /// How the last attempt went; nil before the first.
        public var outcome: String?
        public var nextAttempt: Moment?

        public init(
            id: String, type: String, created: Moment, state: String, attempts: Int,
            outcome: String?, nextAttempt: Moment?
        ) {
            self.id = id
            self.type = type
            self.created = created
            self.state = state
            self.attempts = attempts
            self.outcome = outcome
            self.nextAttempt = nextAttempt
        }
    }

    public var endpoint: WebhookListPage.Row
    public var collections: [String]
    public var created: Moment
    /// Newest first.
    public var deliveries: [Delivery]
    /// The id of the last one here, where there are older ones.
    public var older: String?
    /// The secret, right after it was made: the only time.
    public var secret: String?
    public var done: String?

    public init(
        endpoint: WebhookListPage.Row, collections: [String], created: Moment,
        deliveries: [Delivery], older: String? = nil, secret: String? = nil, done: String? = nil
    ) {
        self.endpoint = endpoint
        self.collections = collections
        self.created = created
        self.deliveries = deliveries
        self.older = older
        self.secret = secret
        self.done = done
    }
}
