internal import JSON

/// What a document keeps under `craton`.
///
/// Every document has `id` and `updated_at`; a device also what only this API knows of devices.
public struct CratonMembers: Hashable, Sendable {
    /// The integer that the API shows, given out once; nil for a document that got none.
    public let id: Int?
    /// When a field was last changed through the API.
    public let updatedAt: Timestamp?
    /// The cloud of a device, where it is not that of its region.
    public let cloud: DocumentID?
    public let cell: DocumentID?

    /// Integers above are not safe in every client.
    static let greatestID = 1 << 53

    /// The members that only devices have, in the order of the file; `cloud` and `cell` first.
    static let deviceMembers: [JSONString] = [
        "device_type", "active", "note", "model_name", "os_version", "vlans",
    ]
    private static let order: [JSONString] =
        ["id", "updated_at", "cloud", "cell"] + deviceMembers

    /// Reads the object.
    ///
    /// - Throws: the place below the document where something is wrong.
    init(_ object: JSONObject, ofDevice isDevice: Bool) throws(InvalidDocument) {
        func invalid(_ name: JSONString, _ reason: String) -> InvalidDocument {
            InvalidDocument(reason, at: JSONPointer(tokens: ["craton", name]))
        }
        func uid(_ name: JSONString) throws(InvalidDocument) -> DocumentID? {
            guard let value = object[name] else { return nil }
            guard let id = value.text.flatMap(DocumentID.init) else {
                throw invalid(name, "Must be the uid of a \(name).")
            }
            return id
        }
        let allowed = isDevice ? Self.order : Array(Self.order.prefix(2))
        for (name, _) in object where !allowed.contains(name) {
            throw invalid(name, "There is no member of this name; free ones go to annotations.")
        }
        if let given = object["id"] {
            guard let id = given.int, (1...Self.greatestID).contains(id) else {
                throw invalid("id", "Must be a whole number from 1 to \(Self.greatestID).")
            }
            self.id = id
        } else {
            id = nil
        }
        if let given = object["updated_at"] {
            guard let time = given.timestamp else {
                throw invalid("updated_at", "Must be a time of RFC 3339.")
            }
            updatedAt = time
        } else {
            updatedAt = nil
        }
        cloud = try uid("cloud")
        cell = try uid("cell")
        guard isDevice else { return }
        for field in CratonField.hosts + CratonField.networkDevices
        where Self.deviceMembers.contains(field.member) {
            guard let value = object[field.member] else { continue }
            guard field.accepts(value) else {
                throw invalid(field.member, "Must be \(field.expectation).")
            }
        }
    }

    /// The same members in the order of the file.
    static func ordered(_ object: JSONObject) -> JSONObject {
        var ordered: JSONObject = [:]
        for name in order { ordered[name] = object[name] }
        return ordered
    }
}

extension CratonMembers {
    /// Of a document that says nothing.
    static let none = CratonMembers(id: nil, updatedAt: nil, cloud: nil, cell: nil)

    private init(id: Int?, updatedAt: Timestamp?, cloud: DocumentID?, cell: DocumentID?) {
        self.id = id
        self.updatedAt = updatedAt
        self.cloud = cloud
        self.cell = cell
    }
}
