/// The tokens of an account: `/account/tokens`, and `/accounts/<name>/tokens` for administrators.
public struct TokenListPage: Sendable {
    /// One token, without its secret.
    public struct Token: Hashable, Sendable {
        public var id: String
        public var name: String
        /// `read`, `write`, ...
        public var rights: [String]
        /// Nil for all.
        public var collections: [String]?
        /// The one device that it is for; nil for no one device.
        public var device: String?
        /// Where it may come from; empty for anywhere.
        public var networks: [String]
        public var created: Moment
        public var expires: Moment?
        public var lastUse: Moment?
        public var lastAddress: String?

        public init(
            id: String, name: String, rights: [String], collections: [String]?, device: String?,
            networks: [String], created: Moment, expires: Moment?, lastUse: Moment?,
            lastAddress: String?
        ) {
            self.id = id
            self.name = name
            self.rights = rights
            self.collections = collections
            self.device = device
            self.networks = networks
            self.created = created
            self.expires = expires
            self.lastUse = lastUse
            self.lastAddress = lastAddress
        }
    }

    public var owner: String
    /// Whether the reader is the owner.
    public var isOwn: Bool
    /// The oldest first.
    public var tokens: [Token]
    /// All rights and collections, to choose from.
    public var rights: [String]
    public var collections: [String]
    /// The secret, right after it was made: the only time.
    public var secret: String?
    public var done: String?

    public init(
        owner: String, isOwn: Bool, tokens: [Token], rights: [String], collections: [String],
        secret: String? = nil, done: String? = nil
    ) {
        self.owner = owner
        self.isOwn = isOwn
        self.tokens = tokens
        self.rights = rights
        self.collections = collections
        self.secret = secret
        self.done = done
    }
}
