/// Who one is, and what one may do: `/account/`.
public struct AccountPage: Sendable {
    public var name: String
    public var roles: [String]
    /// What these allow, one sentence each.
    public var rights: [String]
    /// The latest first.
    public var sessions: [LoginSession]
    public var isAdministrator: Bool
    /// What has just been done.
    public var done: String?

    public init(
        name: String, roles: [String], rights: [String], sessions: [LoginSession],
        isAdministrator: Bool, done: String? = nil
    ) {
        self.name = name
        self.roles = roles
        self.rights = rights
        self.sessions = sessions
        self.isAdministrator = isAdministrator
        self.done = done
    }
}

/// A browser in which somebody has logged in.
public struct LoginSession: Hashable, Sendable {
    public var id: String
    /// What the browser calls itself.
    public var browser: String
    /// Where it logged in; nil for the server's own machine.
    public var address: String?
    public var began: Moment
    public var lastUse: Moment
    public var ends: Moment
    /// Whether it is the one that looks at the page.
    public var isThis: Bool

    public init(
        id: String, browser: String, address: String?, began: Moment, lastUse: Moment, ends: Moment,
        isThis: Bool
    ) {
        self.id = id
        self.browser = browser
        self.address = address
        self.began = began
        self.lastUse = lastUse
        self.ends = ends
        self.isThis = isThis
    }
}

/// Who may come in, for administrators: `/accounts/`.
public struct AccountListPage: Sendable {
    /// One account.
    public struct Row: Hashable, Sendable {
        public var name: String
        public var isMachine: Bool
        public var roles: [String]
        public var isDisabled: Bool
        /// A person without one comes in by no password.
        public var hasPassword: Bool
        /// Whether the password is for one login and was not used yet.
        public var awaitsPassword: Bool
        public var created: Moment
        public var tokenCount: Int
        /// Whether it is the reader's own.
        public var isOwn: Bool

        public init(
            name: String, isMachine: Bool, roles: [String], isDisabled: Bool, hasPassword: Bool,
            awaitsPassword: Bool, created: Moment, tokenCount: Int, isOwn: Bool
        ) {
            self.name = name
            self.isMachine = isMachine
            self.roles = roles
            self.isDisabled = isDisabled
            self.hasPassword = hasPassword
            self.awaitsPassword = awaitsPassword
            self.created = created
            self.tokenCount = tokenCount
            self.isOwn = isOwn
        }
    }

    public var rows: [Row]
    /// The names of roles that there are.
    public var knownRoles: [String]
    public var done: String?

    public init(rows: [Row], knownRoles: [String], done: String? = nil) {
        self.rows = rows
        self.knownRoles = knownRoles
        self.done = done
    }
}

/// One account, for administrators: `/accounts/<name>`.
public struct AccountDetailPage: Sendable {
    public var row: AccountListPage.Row
    public var knownRoles: [String]
    public var sessions: [LoginSession]
    /// A password for one login, right after it was made: the only time.
    public var password: String?
    public var done: String?

    public init(
        row: AccountListPage.Row, knownRoles: [String], sessions: [LoginSession],
        password: String? = nil, done: String? = nil
    ) {
        self.row = row
        self.knownRoles = knownRoles
        self.sessions = sessions
        self.password = password
        self.done = done
    }
}
