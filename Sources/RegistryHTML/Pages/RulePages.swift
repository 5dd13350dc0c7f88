/// What evaluates a rule file.
public enum RuleKind: String, CaseIterable, Sendable {
    case prometheus, loki

    /// The product's name.
    public var title: String { self == .prometheus ? "Prometheus" : "Loki" }
}

/// The lists of rule files: `/rules/`, or one of them with `?kind=loki`.
public struct RuleListPage: Sendable {
    /// One section per kind shown.
    public var sections: [Section]
    /// The text searched for (`q`), empty for all.
    public var query: String
    /// The one kind that is shown, nil for both.
    public var kind: RuleKind?
    /// Which page of `kind` this is; without a kind only the first rows are shown.
    public var paging: Paging

    public init(
        sections: [Section], query: String = "", kind: RuleKind? = nil, paging: Paging = Paging()
    ) {
        self.sections = sections
        self.query = query
        self.kind = kind
        self.paging = paging
    }

    /// The rule files of one kind.
    public struct Section: Sendable {
        public var kind: RuleKind
        public var rows: [Row]
        /// How many the filter lets through, shown or not.
        public var total: Int

        public init(kind: RuleKind, rows: [Row], total: Int) {
            self.kind = kind
            self.rows = rows
            self.total = total
        }
    }

    /// One rule file in the list.
    public struct Row: Hashable, Sendable {
        public var uid: String
        /// Whether the file is a template, rendered for each device.
        public var isTemplate: Bool
        public var groupCount: Int
        public var alertCount: Int
        public var deviceCount: Int

        public init(
            uid: String, isTemplate: Bool, groupCount: Int, alertCount: Int, deviceCount: Int
        ) {
            self.uid = uid
            self.isTemplate = isTemplate
            self.groupCount = groupCount
            self.alertCount = alertCount
            self.deviceCount = deviceCount
        }
    }
}

/// One rule file: `/rules/prometheus/<uid>` or `/rules/loki/<uid>`.
public struct RulePage: Sendable {
    public var kind: RuleKind
    public var uid: String
    /// Whether the file is a template, rendered for each device.
    public var isTemplate: Bool
    public var groupCount: Int
    public var alertCount: Int
    /// The document's path in the repository.
    public var path: String
    /// The file's YAML as its author wrote it.
    public var text: String
    /// Where the file is to be had.
    public var downloadHref: String
    /// The template as rendered for some device, when there is one.
    public var example: Example?
    public var devices: DeviceUse
    /// The newest commits that touched it, newest first.
    public var commits: [CommitLine]
    public var uncommittedEdit: UncommittedEdit?
    public var problems: [Problem]

    public init(
        kind: RuleKind, uid: String, isTemplate: Bool, groupCount: Int = 0, alertCount: Int = 0,
        path: String, text: String, downloadHref: String, example: Example? = nil,
        devices: DeviceUse, commits: [CommitLine] = [], uncommittedEdit: UncommittedEdit? = nil,
        problems: [Problem] = []
    ) {
        self.kind = kind
        self.uid = uid
        self.isTemplate = isTemplate
        self.groupCount = groupCount
        self.alertCount = alertCount
        self.path = path
        self.text = text
        self.downloadHref = downloadHref
        self.example = example
        self.devices = devices
        self.commits = commits
        self.uncommittedEdit = uncommittedEdit
        self.problems = problems
    }

    /// A template rendered for one device.
    public struct Example: Hashable, Sendable {
        public var device: String
        public var href: String

        public init(device: String, href: String) {
            self.device = device
            self.href = href
        }
    }
}
