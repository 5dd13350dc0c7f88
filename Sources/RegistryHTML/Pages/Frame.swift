/// What surrounds every page: where it is mounted, what it shows, and what the reader must know.
public struct Frame: Sendable {
    /// The path all links start with: empty, or like `/muster`, without a final slash.
    public var base: String
    /// The present, which relative dates count from.
    public var now: Moment
    /// The commit the page was made from; nil in a registry without one.
    public var commit: ServedCommit?
    /// The branch that is served.
    public var branch: String
    /// The value of `?at=` when an older state is shown; all links carry it on.
    public var at: String?
    /// Where the page itself is, so that it can be had at another time; nil where it cannot.
    public var address: PageAddress?
    /// What the reader must know about the registry's state.
    public var notices: Notices
    /// Who looks at it.
    public var reader: Reader
    /// What the server wants to see again in a form that the page sends.
    public var formCode: String
    /// What the reader may do; links and forms for anything else are left out.
    public var rights = ReaderRights.all
    /// Whether it says nothing of the registry and leads nowhere: the reader may see none of it.
    public var isBare = false

    /// Whether a form that changes the registry would be taken from anybody.
    var takesWrites: Bool { notices.readOnly == nil }

    public init(
        base: String = "", now: Moment, commit: ServedCommit? = nil, branch: String = "main",
        at: String? = nil, address: PageAddress? = nil, notices: Notices = Notices(),
        reader: Reader = .anybody, formCode: String = ""
    ) {
        self.base = base
        self.now = now
        self.commit = commit
        self.branch = branch
        self.at = at
        self.address = address
        self.notices = notices
        self.reader = reader
        self.formCode = formCode
    }
}

/// Who looks at a page.
public enum Reader: Hashable, Sendable {
    /// Nobody knows, because nobody is asked: the server has no accounts.
    case anybody
    /// Somebody who has not logged in.
    case anonymous
    /// An account, by its name.
    case account(String)
}

/// What a reader may do, as far as links and forms of many pages depend on it.
public struct ReaderRights: Hashable, Sendable {
    /// Reading everything, which pages take that show several collections.
    public var readsAll: Bool
    public var readsDevices: Bool
    public var readsDashboards: Bool
    public var readsRules: Bool
    /// Changing something, somewhere.
    public var writes: Bool
    public var administers: Bool

    public init(
        readsAll: Bool, readsDevices: Bool, readsDashboards: Bool, readsRules: Bool, writes: Bool,
        administers: Bool
    ) {
        self.readsAll = readsAll
        self.readsDevices = readsDevices
        self.readsDashboards = readsDashboards
        self.readsRules = readsRules
        self.writes = writes
        self.administers = administers
    }

    public static let all = ReaderRights(
        readsAll: true, readsDevices: true, readsDashboards: true, readsRules: true, writes: true,
        administers: true)
}

/// The address of a page below the base.
public struct PageAddress: Hashable, Sendable {
    /// A member of a query.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// As it was sent.
    public var path: String
    /// Without `at`.
    public var query: [Member]

    public init(path: String, query: [Member] = []) {
        self.path = path
        self.query = query
    }
}

/// The commit a page was made from.
public struct ServedCommit: Hashable, Sendable {
    /// The commit id in hex, as long as the caller has it.
    public var id: String
    public var date: Moment

    public init(id: String, date: Moment) {
        self.id = id
        self.date = date
    }
}

/// Why a registry takes no writes.
public enum ReadOnly: Hashable, Sendable {
    /// The server was started so.
    case chosen
    /// Somebody has to see to it.
    case trouble(String)
}

/// States of the registry that every page announces at its top.
public struct Notices: Hashable, Sendable {
    /// Why the registry takes no writes; nil when it does. Then every form that would write is left out.
    public var readOnly: ReadOnly?
    /// The branch the working tree was switched to, when it is not the served one.
    public var awayBranch: String?
    /// The number of files with uncommitted edits.
    public var uncommittedEdits: Int
    /// The number of documents whose file cannot be read as one.
    public var invalidDocuments: Int
    /// The number of tips that somebody took back or rewrote by hand, and that are kept.
    public var keptTips: Int
    /// The number of places that a merge left to people.
    public var mergeConflicts: Int

    public init(
        readOnly: ReadOnly? = nil, awayBranch: String? = nil, uncommittedEdits: Int = 0,
        invalidDocuments: Int = 0, keptTips: Int = 0, mergeConflicts: Int = 0
    ) {
        self.readOnly = readOnly
        self.awayBranch = awayBranch
        self.uncommittedEdits = uncommittedEdits
        self.invalidDocuments = invalidDocuments
        self.keptTips = keptTips
        self.mergeConflicts = mergeConflicts
    }
}
