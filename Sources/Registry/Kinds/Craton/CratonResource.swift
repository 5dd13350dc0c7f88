public import JSON

/// A document that only the Craton API writes: a cloud, region, cell, network, interface, user or
/// project.
///
/// `{"uid", ...its own members..., "created_at", "craton": {"id", "updated_at"}}`. What it names it
/// names by uid; `craton.id` is the integer that the API shows for it.
public struct CratonResource: Document, Hashable {
    public private(set) var uid: DocumentID
    public let family: CratonFamily
    public let createdAt: Timestamp
    public private(set) var craton: CratonMembers
    /// Every member as it is in the file.
    public private(set) var value: JSONObject

    public var key: DocumentKey { DocumentKey(family.collection, uid) }
    public var creationDate: Timestamp? { createdAt }
    var kind: CratonKind { family.kind }

    /// What people call it.
    public var name: String { value[kind.nameMember]?.text ?? uid.text }

    public subscript(reference: CratonReference) -> DocumentID? {
        kind.storedFields.contains { $0.reference == reference }
            ? value[reference.member]?.text.flatMap(DocumentID.init) : nil
    }

    public var references: [Reference] {
        kind.storedFields.compactMap { field in
            guard let reference = field.reference, let id = self[reference] else { return nil }
            return Reference(to: reference.key(id), at: JSONPointer(tokens: [field.member]))
        }
    }

    /// Reads a file; see the schemas `craton_*.schema.json`.
    init(
        parsing bytes: [UInt8], _ family: CratonFamily, id: DocumentID
    ) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        self.family = family
        uid = id
        let uid = try reader.required("uid", "a string") { $0.text }
        guard uid.utf8.elementsEqual(id.text.utf8) else {
            throw reader.invalid("uid", "Must be the uid that the file name spells: \(id).")
        }
        for field in family.kind.storedFields {
            let value = try reader.optional(field.member, field.expectation) {
                field.accepts($0) ? $0 : nil
            }
            guard value != nil || !field.isRequired else {
                throw InvalidDocument("The member \(field.member) is missing.", at: JSONPointer())
            }
        }
        createdAt = try reader.required("created_at", "a time of RFC 3339") { $0.timestamp }
        let members = try reader.optional("craton", "an object") { $0.object }
        craton = try CratonMembers(members ?? [:], ofDevice: false)
        try reader.finish()
        value = reader.members
        if family == .project, !isUUID(id.text) {
            throw reader.invalid("uid", "The uid of a project is a UUID in lower case.")
        }
    }

    /// The same naming another document instead; nil where that would not be valid.
    func replacingReferences(
        to target: DocumentKey, by replacement: DocumentID
    ) -> PreparedDocument? {
        var value = value
        for field in kind.storedFields {
            guard let reference = field.reference, let id = self[reference],
                reference.key(id) == target
            else { continue }
            value[field.member] = .text(replacement.text)
        }
        return try? PreparedDocument(key, bytes: Self.bytes(value, family))
    }

    /// The names of the members of a file.
    fileprivate static func order(of family: CratonFamily) -> [JSONString] {
        ["uid"] + family.kind.storedFields.map(\.member) + ["created_at", "craton"]
    }

    /// The bytes of a file with these members, in the order that all have.
    static func bytes(_ value: JSONObject, _ family: CratonFamily) -> [UInt8] {
        var object: JSONObject = [:]
        for name in order(of: family) { object[name] = value[name] }
        return JSONValue.object(object).canonicalBytes()
    }
}

extension CratonFamily {
    /// The kind of a document that is no device.
    var kind: CratonKind {
        switch self {
        case .device: .hosts
        case .region: .regions
        case .cell: .cells
        case .cloud: .clouds
        case .network: .networks
        case .interface: .networkInterfaces
        case .user: .users
        case .project: .projects
        }
    }
}

extension DocumentKind {
    /// The kinds that only the Craton API writes.
    static let craton: [DocumentKind] = CratonFamily.allCases.filter { $0 != .device }.map {
        family in
        DocumentKind(
            family.collection,
            members: CratonResource.order(of: family),
            complete: { members, id, stored, now in
                let date = (stored?.creationDate ?? now).description
                return members.completed(
                    with: ["uid": .text(id.text), "created_at": .text(date)],
                    order: CratonResource.order(of: family))
            },
            read: { bytes, id throws(InvalidDocument) in
                try CratonResource(parsing: bytes, family, id: id)
            })
    }
}

extension CratonField {
    /// What a document must hold, in words.
    var expectation: String {
        switch form {
        case .text(let maximum): "a text of at most \(maximum) characters"
        case .address: "an IPv4 or IPv6 address"
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .reference(let reference): "the uid of a \(reference.family.rawValue)"
        case .dropped: "left out"
        }
    }

    /// Whether a document may hold this.
    func accepts(_ value: JSONValue) -> Bool {
        switch form {
        case .text(let maximum):
            value.storableText.map { $0.unicodeScalars.count <= maximum } ?? false
        case .address: value.text.map(Address.isNumeric) ?? false
        case .integer: value.int != nil
        case .boolean: value.bool != nil
        case .reference: value.text.flatMap(DocumentID.init) != nil
        case .dropped: false
        }
    }
}

/// Whether text is a UUID as the registry writes it: lower case, with dashes.
func isUUID(_ text: String) -> Bool {
    let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12]
        && groups.joined().allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
}
