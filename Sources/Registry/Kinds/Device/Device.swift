public import JSON

/// A device, of which each dialect shows its own part.
public struct Device: Document, Hashable {
    public enum Kind: String, Hashable, Sendable {
        case host
        case networkDevice = "network-device"
        case device
    }

    public private(set) var uid: DocumentID
    /// When it was registered; never changes.
    public let creationDate: Timestamp?
    public private(set) var address: String
    /// In OpenSSH's form; empty when the device has none.
    public private(set) var publicSSHKey: String
    /// Each list is in the order of code points, without repetitions.
    private var lists: [[DocumentID]]
    public let kind: Kind
    /// What people call it.
    public var name: String { ownName ?? uid.text }
    private let ownName: String?
    public private(set) var parent: DocumentID?
    public private(set) var region: DocumentID?
    /// What only the Craton API knows of it.
    public private(set) var craton: CratonMembers
    /// Every member as it is in the file.
    public private(set) var value: JSONObject

    public var grafanaDashboards: [DocumentID] { self[.grafanaDashboards] }
    public var foxgloveDashboards: [DocumentID] { self[.foxgloveDashboards] }
    public var prometheusAlertRuleFiles: [DocumentID] { self[.prometheusAlertRuleFiles] }
    public var lokiAlertRuleFiles: [DocumentID] { self[.lokiAlertRuleFiles] }
    public var annotations: JSONObject { value["annotations"]?.object ?? [:] }

    public subscript(list: DeviceList) -> [DocumentID] { lists[list.place] }

    public var key: DocumentKey { DocumentKey(.devices, uid) }

    /// Dashboards and rule files, then the parent and where it is.
    public var references: [Reference] {
        var references: [Reference] = []
        for list in DeviceList.allCases {
            for (index, entry) in (value[list.memberName]?.array ?? []).enumerated() {
                guard let id = entry.text.flatMap(DocumentID.init) else { continue }
                let place = JSONPointer(tokens: [list.memberName, JSONString(String(index))])
                references.append(Reference(to: DocumentKey(list.collection, id), at: place))
            }
        }
        if let parent {
            let target = DocumentKey(.devices, parent)
            references.append(Reference(to: target, at: JSONPointer(tokens: ["parent"])))
        }
        if let region {
            let target = DocumentKey(.cratonRegions, region)
            references.append(Reference(to: target, at: JSONPointer(tokens: ["region"])))
        }
        for (name, reference, id) in [
            ("cloud", CratonReference.cloud, craton.cloud), ("cell", .cell, craton.cell),
        ] as [(JSONString, CratonReference, DocumentID?)] {
            guard let id else { continue }
            references.append(
                Reference(to: reference.key(id), at: JSONPointer(tokens: ["craton", name])))
        }
        return references
    }
}

/// One of the four lists in which a device names other documents.
public enum DeviceList: String, Hashable, Sendable, CaseIterable {
    case grafanaDashboards = "grafana_dashboards"
    case foxgloveDashboards = "foxglove_dashboards"
    case prometheusAlertRuleFiles = "prometheus_alert_rule_files"
    case lokiAlertRuleFiles = "loki_alert_rule_files"

    public var memberName: JSONString { JSONString(rawValue) }

    /// What is between the member before it and its value in a file of the registry's own form.
    var nameInFile: StaticString {
        switch self {
        case .grafanaDashboards: ",\n  \"grafana_dashboards\": "
        case .foxgloveDashboards: ",\n  \"foxglove_dashboards\": "
        case .prometheusAlertRuleFiles: ",\n  \"prometheus_alert_rule_files\": "
        case .lokiAlertRuleFiles: ",\n  \"loki_alert_rule_files\": "
        }
    }

    /// Its place among all.
    fileprivate var place: Int {
        switch self {
        case .grafanaDashboards: 0
        case .foxgloveDashboards: 1
        case .prometheusAlertRuleFiles: 2
        case .lokiAlertRuleFiles: 3
        }
    }

    /// What its entries are.
    public var collection: Collection {
        switch self {
        case .grafanaDashboards: .grafanaDashboards
        case .foxgloveDashboards: .foxgloveDashboards
        case .prometheusAlertRuleFiles: .prometheusAlertRules
        case .lokiAlertRuleFiles: .lokiAlertRules
        }
    }
}

extension Collection {
    /// Whether the lists of devices name documents of it.
    var isListed: Bool {
        switch self {
        case .grafanaDashboards, .foxgloveDashboards, .prometheusAlertRules, .lokiAlertRules: true
        default: false
        }
    }
}

extension Device {
    /// A device as it registers.
    ///
    /// - Parameter lists: in any order; repetitions collapse.
    public init(
        uid: DocumentID, creationDate: Timestamp, address: Address, publicSSHKey: String = "",
        lists: [DeviceList: [DocumentID]] = [:], region: DocumentID? = nil
    ) {
        self.uid = uid
        self.creationDate = creationDate
        self.address = address.text
        self.publicSSHKey = publicSSHKey
        self.lists = DeviceList.allCases.map { Self.sorted(lists[$0] ?? []) }
        kind = .host
        ownName = nil
        self.region = region
        craton = .none
        value = [
            "uid": .text(uid.text), "creation_date": .text(creationDate.description),
            "address": .text(address.text), "public_ssh_key": .text(publicSSHKey),
        ]
        for list in DeviceList.allCases { value[list.memberName] = .ids(self[list]) }
        if let region { value["region"] = .text(region.text) }
    }

    /// Reads a file; see the schema `device.schema.json`.
    init(parsing bytes: [UInt8], id: DocumentID) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        uid = id
        let uid = try reader.required("uid", "a string") { $0.text }
        guard uid.utf8.elementsEqual(id.text.utf8) else {
            throw reader.invalid("uid", "Must be the uid that the file name spells: \(id).")
        }
        creationDate = try reader.required("creation_date", "a time of RFC 3339") {
            $0.text.flatMap { Timestamp(parsing: $0) }
        }
        address = try reader.required("address", "an IP address or a host name") {
            $0.text.flatMap {
                $0.hasWhitespace ? nil : Address(parsing: $0)?.text
            }
        }
        publicSSHKey =
            try reader.optional("public_ssh_key", "a string without control characters") {
                $0.text.flatMap { $0.utf8.contains(0) ? nil : $0 }
            } ?? ""
        lists = []
        for list in DeviceList.allCases {
            let ids = try reader.optional(list.memberName, "a list of uids") { $0.ids }
            lists.append(Self.sorted(ids ?? []))
        }
        kind =
            try reader.optional("kind", "host, network-device or device") {
                $0.text.flatMap(Kind.init)
            } ?? .host
        ownName = try reader.optional("name", "a string that is not empty") { $0.nonEmptyText }
        parent = try reader.optional("parent", "the uid of a device") { $0.id }
        region = try reader.optional("region", "the uid of a region") { $0.id }
        let members = try reader.optional("craton", "an object") { $0.object }
        craton =
            try members.map { members throws(InvalidDocument) in
                try CratonMembers(members, ofDevice: true)
            } ?? .none
        for name in Self.objectMembers where name != "craton" {
            _ = try reader.optional(name, "an object") { $0.object }
        }
        try reader.finish()
        value = reader.members
    }

    /// The bytes of its file: its members in the order that all devices have.
    public func bytes() -> [UInt8] { Self.bytes(value) }

    /// The bytes of a file with these members, in the order that all devices have.
    static func bytes(_ value: JSONObject) -> [UInt8] {
        var object = JSONObject()
        for name in memberOrder { object[name] = value[name] }
        return JSONValue.object(object).canonicalBytes()
    }

    private static let objectMembers: [JSONString] = [
        "annotations", "craton", "opengnsys", "drydock", "gros",
    ]
    fileprivate static let memberOrder: [JSONString] =
        ["uid", "creation_date", "address", "public_ssh_key"]
        + DeviceList.allCases.map(\.memberName) + ["kind", "name", "parent", "region"]
        + objectMembers

    private static func sorted(_ ids: [DocumentID]) -> [DocumentID] {
        ids.count < 2 ? ids : Set(ids).sorted()
    }
}

// Changes touch only the members that they are about, so that a diff shows nothing else.
extension Device {
    mutating func rename(to id: DocumentID) {
        uid = id
        value["uid"] = .text(id.text)
    }

    mutating func setAddress(_ address: Address) {
        guard !self.address.utf8.elementsEqual(address.text.utf8) else { return }
        self.address = address.text
        value["address"] = .text(address.text)
    }

    mutating func setPublicSSHKey(_ key: String) {
        guard !publicSSHKey.utf8.elementsEqual(key.utf8) else { return }
        publicSSHKey = key
        value["public_ssh_key"] = .text(key)
    }

    mutating func setList(_ list: DeviceList, _ ids: [DocumentID]) {
        let ids = Self.sorted(ids)
        guard self[list] != ids else { return }
        lists[list.place] = ids
        value[list.memberName] = .ids(ids)
    }

    /// Takes every reference to `target` out, or puts `replacement` in its place.
    mutating func replaceReferences(to target: DocumentKey, by replacement: DocumentID?) {
        for list in DeviceList.allCases
        where list.collection == target.collection && self[list].contains(target.id) {
            let others = self[list].filter { $0 != target.id }
            setList(list, others + (replacement.map { [$0] } ?? []))
        }
        if target.collection == .devices, parent == target.id {
            parent = replacement
            value["parent"] = replacement.map { .text($0.text) }
        }
        if target.collection == .cratonRegions, region == target.id {
            region = replacement
            value["region"] = replacement.map { .text($0.text) }
        }
        replaceCratonReferences(to: target, by: replacement)
    }

    private mutating func replaceCratonReferences(
        to target: DocumentKey, by replacement: DocumentID?
    ) {
        for (name, reference, id) in [
            ("cloud", CratonReference.cloud, craton.cloud), ("cell", .cell, craton.cell),
        ] as [(JSONString, CratonReference, DocumentID?)]
        where id.map({ reference.key($0) == target }) ?? false {
            setCraton(name, replacement.map { .text($0.text) })
        }
    }

    /// Sets a member of `craton`, or takes it out; one that is not valid there is not set.
    mutating func setCraton(_ name: JSONString, _ member: JSONValue?) {
        var members = value["craton"]?.object ?? [:]
        members[name] = member
        guard let read = try? CratonMembers(members, ofDevice: true) else { return }
        craton = read
        value["craton"] = members.isEmpty ? nil : .object(CratonMembers.ordered(members))
    }
}

extension DocumentKind {
    static let device = DocumentKind(
        .devices,
        members: Device.memberOrder,
        outline: Device.outline,
        complete: { members, id, stored, now in
            let date = (stored?.creationDate ?? now).description
            return members.completed(
                with: ["uid": .text(id.text), "creation_date": .text(date)],
                order: Device.memberOrder)
        },
        read: { bytes, id throws(InvalidDocument) in try Device(parsing: bytes, id: id) })
}

extension String {
    fileprivate var hasWhitespace: Bool {
        // Characters take far longer to find than bytes.
        let isASCII = utf8.allSatisfy { $0 < 0x80 }
        return isASCII
            ? utf8.contains { $0 == 0x20 || (0x09...0x0D).contains($0) }
            : contains(where: \.isWhitespace)
    }
}

extension JSONValue {
    static func ids(_ ids: [DocumentID]) -> JSONValue { .array(ids.map { .text($0.text) }) }

    fileprivate var id: DocumentID? { text.flatMap(DocumentID.init) }

    fileprivate var ids: [DocumentID]? {
        guard let array else { return nil }
        let ids = array.compactMap(\.id)
        return ids.count == array.count ? ids : nil
    }

    fileprivate var nonEmptyText: String? { text.flatMap { $0.isEmpty ? nil : $0 } }
}
