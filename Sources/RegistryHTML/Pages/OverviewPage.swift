/// The registry at a glance: `/` for browsers, and `/overview`.
public struct OverviewPage: Sendable {
    public var counts: [CollectionCount]
    /// The newest commits, newest first.
    public var commits: [CommitLine]
    /// Devices without a sign of life for `silentAfter`, longest silence first.
    public var silentDevices: [SilentDevice]
    /// How many silent devices there are, listed or not.
    public var silentCount: Int
    /// The silence that makes a device worth a line, as text: `24 hours`.
    public var silentAfter: String
    /// The address of the server with its prefix, for the first steps: `http://127.0.0.1:8000`.
    public var serverURL: String
    /// The address `git clone` takes.
    public var cloneURL: String
    /// What it takes on the server's own machine: the registry's folder.
    public var clonePath: String?
    /// Documents that cannot be read, or contradict another; the first of them.
    public var problems: [Problem]
    /// How many problems there are, listed or not.
    public var problemCount: Int
    /// Files with uncommitted edits; the first of them.
    public var uncommittedEdits: [UncommittedEdit]
    /// How many files have uncommitted edits, listed or not.
    public var uncommittedCount: Int

    public init(
        counts: [CollectionCount], commits: [CommitLine] = [], silentDevices: [SilentDevice] = [],
        silentCount: Int = 0, silentAfter: String = "24 hours", serverURL: String,
        cloneURL: String, clonePath: String? = nil, problems: [Problem] = [], problemCount: Int = 0,
        uncommittedEdits: [UncommittedEdit] = [], uncommittedCount: Int = 0
    ) {
        self.counts = counts
        self.commits = commits
        self.silentDevices = silentDevices
        self.silentCount = silentCount
        self.silentAfter = silentAfter
        self.serverURL = serverURL
        self.cloneURL = cloneURL
        self.clonePath = clonePath
        self.problems = problems
        self.problemCount = problemCount
        self.uncommittedEdits = uncommittedEdits
        self.uncommittedCount = uncommittedCount
    }
}

/// How many documents a collection holds.
public struct CollectionCount: Hashable, Sendable {
    /// What people call it: `Grafana dashboards`.
    public var name: String
    public var count: Int
    /// The list's path below the base, such as `/devices/`; nil without a page.
    public var path: String?

    public init(name: String, count: Int, path: String? = nil) {
        self.name = name
        self.count = count
        self.path = path
    }
}

/// A device that was not heard of lately.
public struct SilentDevice: Hashable, Sendable {
    public var uid: String
    public var address: String
    /// Nil when it was never heard of.
    public var lastContact: Moment?

    public init(uid: String, address: String, lastContact: Moment?) {
        self.uid = uid
        self.address = address
        self.lastContact = lastContact
    }
}
