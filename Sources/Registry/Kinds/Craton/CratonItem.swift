internal import JSON
internal import Synchronization

/// What one document says to the Craton API, read once: the numbers of others may change around it.
final class CratonItem: Sendable {
    let key: DocumentKey
    let kind: CratonKind
    /// Microseconds; items are listed in this order.
    let created: Int64
    let updatedAt: Timestamp?
    /// The number that the document claims.
    let storedAlias: Int?
    let name: JSONString
    /// In the order of the kind's stored fields; null for references.
    let values: [JSONValue]

    let project: DocumentID?
    let cloud: DocumentID?
    let region: DocumentID?
    let cell: DocumentID?
    let parent: DocumentID?
    let device: DocumentID?
    let network: DocumentID?

    init(_ resource: CratonResource) {
        key = resource.key
        kind = resource.kind
        created = resource.createdAt.microseconds
        updatedAt = resource.craton.updatedAt
        storedAlias = resource.craton.id
        name = JSONString(resource.name)
        values = kind.storedFields.map { field in
            field.reference == nil ? resource.value[field.member] ?? field.standard : .null
        }
        project = SharedIDs.all.shared(resource[.project])
        cloud = SharedIDs.all.shared(resource[.cloud])
        region = SharedIDs.all.shared(resource[.region])
        cell = SharedIDs.all.shared(resource[.cell])
        parent = nil
        device = SharedIDs.all.shared(resource[.device])
        network = SharedIDs.all.shared(resource[.network])
    }

    /// Nil for devices that this API does not show: those of another kind, without a region, or
    /// reached by a host name.
    init?(_ device: Device) {
        guard device.kind != .device, let region = device.region,
            let address = device.value["address"]?.text, Address.isNumeric(address)
        else { return nil }
        key = device.key
        kind = device.kind == .host ? .hosts : .networkDevices
        created = device.creationDate?.microseconds ?? 0
        updatedAt = device.craton.updatedAt
        storedAlias = device.craton.id
        let name = JSONString(device.name)
        self.name = name
        let members = device.value["craton"]?.object ?? [:]
        values = kind.storedFields.map { field in
            switch field.name {
            case "name": .string(name)
            case "ip_address": .text(address)
            case _ where field.reference != nil: .null
            default: members[field.member] ?? field.standard
            }
        }
        project = nil
        cloud = SharedIDs.all.shared(device.craton.cloud)
        self.region = SharedIDs.all.shared(region)
        cell = SharedIDs.all.shared(device.craton.cell)
        parent = SharedIDs.all.shared(device.parent)
        self.device = nil
        network = nil
    }

    /// Reads a stored document; nil for those that this API does not show.
    convenience init?(_ stored: StoredDocument) {
        guard Self.mayShow(stored) else { return nil }
        self.init(content: stored.content)
    }

    convenience init?(content: any Document) {
        switch content {
        case let device as Device: self.init(device)
        case let resource as CratonResource: self.init(resource)
        default: return nil
        }
    }

    /// Whether a document may be shown; devices without a region need not be decoded to know.
    static func mayShow(_ stored: StoredDocument) -> Bool {
        guard stored.collection == .devices else { return CratonFamily(stored.collection) != nil }
        return stored.bytes.holds(regionMember)
    }

    private static let regionMember = Array("\"region\"".utf8)

    subscript(reference: CratonReference) -> DocumentID? {
        switch reference {
        case .project: project
        case .cloud: cloud
        case .region: region
        case .cell: cell
        case .parent: parent
        case .device: device
        case .network: network
        }
    }
}

/// An item as the API shows it: with its number, and where it belongs.
final class CratonRow: Sendable {
    let item: CratonItem
    /// The integer that the API shows; 0 for projects.
    let alias: Int
    /// Whose it is.
    let project: DocumentID
    /// The cloud that it is in: its own, or that of its region.
    let cloud: DocumentID?
    private let mayHaveBeenParent = Atomic(false)

    init(_ item: CratonItem, alias: Int, project: DocumentID, cloud: DocumentID?) {
        self.item = item
        self.alias = alias
        self.project = project
        self.cloud = cloud
    }

    var key: DocumentKey { item.key }
    var id: DocumentID { item.key.id }
    var kind: CratonKind { item.kind }
    var family: CratonFamily { item.kind.family }

    /// What it names, by uid; whether that is there is the index's to say.
    subscript(reference: CratonReference) -> DocumentID? {
        switch reference {
        case .project: project
        case .cloud: cloud
        default: item[reference]
        }
    }

    var order: CratonOrder { CratonOrder(row: self) }

    /// Whether a device may hang below this one. False only where none does, in every state of the
    /// index that shares the row: it spares most devices of a subtree the look for children.
    var mayBeParent: Bool { mayHaveBeenParent.load(ordering: .relaxed) }

    func noteChild() { mayHaveBeenParent.store(true, ordering: .relaxed) }

    func isSame(as other: CratonRow) -> Bool {
        item === other.item && alias == other.alias && project == other.project
            && cloud == other.cloud
    }
}

/// The order that lists have unless they are asked for another: by creation, then by number.
struct CratonOrder: Comparable, Sendable {
    let created: Int64
    let alias: Int
    let row: CratonRow

    init(row: CratonRow) {
        created = row.item.created
        alias = row.alias
        self.row = row
    }

    static func < (left: CratonOrder, right: CratonOrder) -> Bool {
        if left.created != right.created { return left.created < right.created }
        if left.alias != right.alias { return left.alias < right.alias }
        return left.row.id < right.row.id
    }

    static func == (left: CratonOrder, right: CratonOrder) -> Bool {
        left.created == right.created && left.alias == right.alias && left.row.id == right.row.id
    }
}
