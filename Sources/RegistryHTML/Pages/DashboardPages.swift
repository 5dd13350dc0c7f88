/// What shows a dashboard.
public enum DashboardKind: String, CaseIterable, Sendable {
    case grafana, foxglove

    /// The product's name.
    public var title: String { self == .grafana ? "Grafana" : "Foxglove" }
}

/// The lists of dashboards: `/dashboards/`, or one of them with `?kind=grafana`.
public struct DashboardListPage: Sendable {
    /// One section per kind shown.
    public var sections: [Section]
    /// The text searched for (`q`), empty for all.
    public var query: String
    /// The one kind that is shown, nil for both.
    public var kind: DashboardKind?
    /// Which page of `kind` this is; without a kind only the first rows are shown.
    public var paging: Paging

    public init(
        sections: [Section], query: String = "", kind: DashboardKind? = nil,
        paging: Paging = Paging()
    ) {
        self.sections = sections
        self.query = query
        self.kind = kind
        self.paging = paging
    }

    /// The dashboards of one kind.
    public struct Section: Sendable {
        public var kind: DashboardKind
        public var rows: [Row]
        /// How many the filter lets through, shown or not.
        public var total: Int

        public init(kind: DashboardKind, rows: [Row], total: Int) {
            self.kind = kind
            self.rows = rows
            self.total = total
        }
    }

    /// One dashboard in the list.
    public struct Row: Hashable, Sendable {
        public var uid: String
        /// The dashboard's own title, empty without one.
        public var title: String
        public var sizeBytes: Int
        public var deviceCount: Int

        public init(uid: String, title: String, sizeBytes: Int, deviceCount: Int) {
            self.uid = uid
            self.title = title
            self.sizeBytes = sizeBytes
            self.deviceCount = deviceCount
        }
    }
}

/// One dashboard: `/dashboards/grafana/<uid>` or `/dashboards/foxglove/<uid>`.
public struct DashboardPage: Sendable {
    public var kind: DashboardKind
    public var uid: String
    /// The dashboard's own title, empty without one.
    public var title: String
    /// The document's path in the repository.
    public var path: String
    /// The document's canonical text, UTF-8.
    public var json: [UInt8]
    /// Where the whole document is to be had.
    public var downloadHref: String
    public var devices: DeviceUse
    /// The newest commits that touched it, newest first.
    public var commits: [CommitLine]
    public var uncommittedEdit: UncommittedEdit?
    public var problems: [Problem]

    public init(
        kind: DashboardKind, uid: String, title: String = "", path: String, json: [UInt8],
        downloadHref: String, devices: DeviceUse, commits: [CommitLine] = [],
        uncommittedEdit: UncommittedEdit? = nil, problems: [Problem] = []
    ) {
        self.kind = kind
        self.uid = uid
        self.title = title
        self.path = path
        self.json = json
        self.downloadHref = downloadHref
        self.devices = devices
        self.commits = commits
        self.uncommittedEdit = uncommittedEdit
        self.problems = problems
    }
}
