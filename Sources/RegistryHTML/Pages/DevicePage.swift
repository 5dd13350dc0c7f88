/// One device: `/devices/<uid>`.
public struct DevicePage: Sendable {
    public var uid: String
    public var address: String
    public var created: Moment?
    /// Nil when the device was never heard of.
    public var lastContact: Moment?
    /// The OpenSSH public key, empty without one.
    public var publicSSHKey: String
    public var links: DeviceLinks
    /// The uids of the device's rule files.
    public var prometheusRules: [String]
    public var lokiRules: [String]
    public var certificate: CertificateState?
    /// The newest commits that touched the device, newest first.
    public var commits: [CommitLine]
    /// The person's edit that the working tree holds, if any.
    public var uncommittedEdit: UncommittedEdit?
    public var problems: [Problem]
    /// The document's path in the repository.
    public var path: String
    /// The document's canonical text, UTF-8.
    public var json: [UInt8]
    /// Where the document is to be had as JSON.
    public var jsonHref: String
    /// Where it is in the fleet; nil where it is in none.
    public var place: DevicePlace?
    /// The uids of the devices before and after this one.
    public var previous: String?
    public var next: String?

    public init(
        uid: String, address: String, created: Moment?, lastContact: Moment? = nil,
        publicSSHKey: String = "", links: DeviceLinks, prometheusRules: [String] = [],
        lokiRules: [String] = [], certificate: CertificateState? = nil,
        commits: [CommitLine] = [], uncommittedEdit: UncommittedEdit? = nil,
        problems: [Problem] = [], path: String, json: [UInt8], jsonHref: String,
        previous: String? = nil, next: String? = nil, place: DevicePlace? = nil
    ) {
        self.uid = uid
        self.address = address
        self.created = created
        self.lastContact = lastContact
        self.publicSSHKey = publicSSHKey
        self.links = links
        self.prometheusRules = prometheusRules
        self.lokiRules = lokiRules
        self.certificate = certificate
        self.commits = commits
        self.uncommittedEdit = uncommittedEdit
        self.problems = problems
        self.path = path
        self.json = json
        self.jsonHref = jsonHref
        self.place = place
        self.previous = previous
        self.next = next
    }
}

/// Where a device's tools are; plain addresses, not yet escaped for HTML.
public struct DeviceLinks: Hashable, Sendable {
    public var foxgloveStudio: String
    public var grafana: String
    public var bagFiles: String
    public var foxgloveDashboards: [DashboardLink]
    public var grafanaDashboards: [DashboardLink]

    public init(
        foxgloveStudio: String, grafana: String, bagFiles: String,
        foxgloveDashboards: [DashboardLink] = [], grafanaDashboards: [DashboardLink] = []
    ) {
        self.foxgloveStudio = foxgloveStudio
        self.grafana = grafana
        self.bagFiles = bagFiles
        self.foxgloveDashboards = foxgloveDashboards
        self.grafanaDashboards = grafanaDashboards
    }
}

/// A dashboard as shown for one device.
public struct DashboardLink: Hashable, Sendable {
    public var uid: String
    public var href: String

    public init(uid: String, href: String) {
        self.uid = uid
        self.href = href
    }
}

/// How far a device's certificate has come.
public struct CertificateState: Hashable, Sendable {
    public enum Status: String, CaseIterable, Sendable {
        case pending, signed, denied
    }

    public var status: Status
    /// Since when: the request's date, or the decision's.
    public var since: Moment?

    public init(status: Status, since: Moment? = nil) {
        self.status = status
        self.since = since
    }
}
