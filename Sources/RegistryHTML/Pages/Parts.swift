public import Registry

/// One commit in a list of commits.
public struct CommitLine: Hashable, Sendable {
    /// The commit id in hex.
    public var id: String
    public var subject: String
    public var author: String
    public var date: Moment

    public init(id: String, subject: String, author: String, date: Moment) {
        self.id = id
        self.subject = subject
        self.author = author
        self.date = date
    }
}

/// A file with an edit nobody has committed.
public struct UncommittedEdit: Hashable, Sendable {
    /// The file's path in the repository.
    public var path: String
    /// The unified diff against the commit, empty when there is none to show.
    public var diff: String
    /// Whether the commit has no such file.
    public var isNew: Bool
    public var isRemoval: Bool
    /// Why the edit is not served; nil when it is.
    public var problem: String?

    public init(
        path: String, diff: String = "", isNew: Bool = false, isRemoval: Bool = false,
        problem: String? = nil
    ) {
        self.path = path
        self.diff = diff
        self.isNew = isNew
        self.isRemoval = isRemoval
        self.problem = problem
    }
}

/// A document that is not as it should be, and why.
public struct Problem: Hashable, Sendable {
    /// The file's path in the repository.
    public var path: String
    /// Where in the document: an RFC 6901 pointer or a line, empty for the whole.
    public var place: String
    public var reason: String

    public init(path: String, place: String = "", reason: String) {
        self.path = path
        self.place = place
        self.reason = reason
    }
}

/// Which page of a list is shown, counted from 1, and how many rows a page has.
public struct Paging: Hashable, Sendable {
    /// Rows of a page, unless the reader asks for another number.
    public static let standardSize = 20
    /// The numbers that pages offer; any up to the last can be asked for.
    public static let sizes = [20, 50, 100]

    public var page: Int
    public var pageCount: Int
    public var size: Int

    public init(page: Int = 1, pageCount: Int = 1, size: Int = Paging.standardSize) {
        self.page = page
        self.pageCount = pageCount
        self.size = size
    }

    /// The value of `per_page` that keeps the size; empty for the usual one.
    var sizeText: String { size == Self.standardSize ? "" : String(size) }
}

/// The devices that use a document: the first of them, and how many there are.
public struct DeviceUse: Hashable, Sendable {
    /// At most a hundred uids.
    public var first: [String]
    public var count: Int

    public init(first: [String], count: Int) {
        self.first = first
        self.count = count
    }
}

/// What a change touches beside the files that it is made of.
public struct Touches: Hashable, Sendable {
    /// A device whose address would come, go or change.
    public struct Target: Hashable, Sendable {
        public var device: String
        public var old: String?
        public var new: String?

        public init(device: String, old: String?, new: String?) {
            self.device = device
            self.old = old
            self.new = new
        }
    }

    /// The devices that it changes, or that use a document which it changes.
    public var devices: DeviceUse
    public var targets: [Target]
    /// Rule files that it changes, or attaches to a device or takes off one.
    public var rules: [DocumentKey]

    public init(devices: DeviceUse, targets: [Target] = [], rules: [DocumentKey] = []) {
        self.devices = devices
        self.targets = targets
        self.rules = rules
    }
}
