internal import JSON

/// One member of an item as the API names it, and where its document keeps it.
struct CratonField: Sendable {
    enum Form: Sendable {
        case text(maximum: Int)
        /// A plain IPv4 or IPv6 address.
        case address
        case integer
        case boolean
        case reference(CratonReference)
        /// Accepted and forgotten.
        case dropped(CratonType)
    }

    /// As bodies, answers and sort keys name it, `region_id`.
    let name: JSONString
    let form: Form
    var isRequired = false
    /// Whether PUT may carry it.
    var isChangeable = false
    /// Whether POST may carry it.
    var isSettable = true
    var isSortable = true
    /// What is read where the document says nothing.
    var standard = JSONValue.null

    /// As documents name it, `region`.
    var member: JSONString {
        if case .reference(let reference) = form { reference.member } else { name }
    }

    var reference: CratonReference? {
        if case .reference(let reference) = form { reference } else { nil }
    }

    var isDropped: Bool { if case .dropped = form { true } else { false } }

    /// The type that a body must give.
    var type: CratonType {
        switch form {
        case .text, .address: .string
        case .integer, .reference: .integer
        case .boolean: .boolean
        case .dropped(let type): type
        }
    }
}

/// The types of JSON that bodies are checked for, as messages name them.
enum CratonType: String, Sendable {
    case integer, string, boolean, object, array

    func holds(_ value: JSONValue) -> Bool {
        switch self {
        case .integer: value.number?.isInteger == true
        case .string: value.string != nil
        case .boolean: value.bool != nil
        case .object: value.object != nil
        case .array: value.array != nil
        }
    }
}

extension CratonField {
    private static let shortText = Form.text(maximum: 255)

    private static func required(_ name: JSONString, _ form: Form = shortText) -> CratonField {
        CratonField(name: name, form: form, isRequired: true)
    }

    private static func optional(_ name: JSONString, _ form: Form = shortText) -> CratonField {
        CratonField(name: name, form: form)
    }

    private static func to(_ reference: CratonReference, required: Bool = true) -> CratonField {
        CratonField(
            name: JSONString(reference.rawValue + "_id"), form: .reference(reference),
            isRequired: required)
    }

    private var changeable: CratonField {
        var field = self
        field.isChangeable = true
        return field
    }

    private var unsortable: CratonField {
        var field = self
        field.isSortable = false
        return field
    }

    private static let name = required("name").changeable
    private static let note = optional("note", .text(maximum: 65_535)).changeable
    private static let active = CratonField(
        name: "active", form: .boolean, standard: .bool(true))

    private static let placedDevice: [CratonField] = [
        name, to(.cloud), to(.region), required("device_type").changeable,
        required("ip_address", .address).changeable, to(.cell, required: false),
        to(.parent, required: false).changeable,
    ]

    private static func dropped(_ name: JSONString, _ type: CratonType) -> CratonField {
        CratonField(name: name, form: .dropped(type), isSortable: false)
    }

    /// Whose it is, which no body says.
    private static let owner = CratonField(
        name: "project_id", form: .reference(.project), isRequired: true, isSettable: false)

    static let clouds = [name, owner, note, dropped("regions", .array)]
    static let regions = [name, to(.cloud), note, dropped("cells", .array)]
    static let cells = [name, to(.cloud), to(.region), note]
    static let hosts = placedDevice + [active.changeable, note, dropped("links", .array)]
    static let networkDevices =
        placedDevice + [
            active, optional("model_name").changeable.unsortable,
            optional("os_version").changeable.unsortable, optional("vlans").changeable.unsortable,
            dropped("access_secret_id", .integer), dropped("interface_id", .integer),
            dropped("network_id", .integer), dropped("links", .array),
        ]
    static let networks: [CratonField] = [
        name, required("cidr").changeable, required("gateway").changeable,
        required("netmask").changeable, to(.cloud), to(.region), to(.cell, required: false),
        optional("ip_block_type").changeable, optional("nss").changeable,
    ]
    static let networkInterfaces: [CratonField] = [
        name, to(.device), required("interface_type").changeable,
        required("ip_address", .address), to(.network, required: false),
        optional("vlan_id", .integer), optional("vlan").changeable,
        optional("port", .integer).changeable, optional("speed", .integer).changeable,
        optional("duplex").changeable, optional("link").changeable, optional("cdp").changeable,
        optional("security").changeable,
    ]
    static let users: [CratonField] = [
        required("username"), to(.project),
        CratonField(name: "is_admin", form: .boolean, standard: .bool(false)),
        CratonField(
            name: "is_root", form: .boolean, isSettable: false, isSortable: false,
            standard: .bool(false)),
        dropped("api_key", .string), dropped("roles", .array),
    ]
    static let projects = [required("name")]
}

extension CratonKind {
    /// Every member of its own, in the order of its documents.
    var fields: [CratonField] {
        switch self {
        case .clouds: CratonField.clouds
        case .regions: CratonField.regions
        case .cells: CratonField.cells
        case .hosts: CratonField.hosts
        case .networkDevices: CratonField.networkDevices
        case .networks: CratonField.networks
        case .networkInterfaces: CratonField.networkInterfaces
        case .users: CratonField.users
        case .projects: CratonField.projects
        }
    }

    /// Those that documents hold.
    var storedFields: [CratonField] { storedFieldTable[self] ?? [] }

    /// The one that people know the item by.
    var nameMember: JSONString { self == .users ? "username" : "name" }

    /// Where a member of this name is among the stored fields.
    func place(of name: JSONString) -> Int? { storedFields.firstIndex { $0.name == name } }
}

private let storedFieldTable: [CratonKind: [CratonField]] = Dictionary(
    uniqueKeysWithValues: CratonKind.allCases.map { kind in
        (kind, kind.fields.filter { !$0.isDropped })
    })
