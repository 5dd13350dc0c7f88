internal import HashTreeCollections
internal import JSON

/// Who asks, as the credentials of the request say.
public struct CratonCaller: Hashable, Sendable {
    /// The project of the request, whose items are seen and touched.
    public let project: DocumentID
    public let user: DocumentID
    public let name: String
    public let isAdmin: Bool
    public let isRoot: Bool

    /// Refuses who is no administrator, of the project or of all.
    public func requireAdmin() throws(CratonRefusal) {
        guard isAdmin || isRoot else { throw .needsRole }
    }

    public func requireRoot() throws(CratonRefusal) {
        guard isRoot else { throw .needsRole }
    }
}

extension Snapshot {
    /// The users of a name in a project: one, unless a merge made more.
    ///
    /// - Parameter project: a UUID as the registry writes it.
    public func cratonCallers(_ name: String, in project: String) -> [CratonCaller] {
        guard let project = DocumentID(project) else { return [] }
        let owner = DocumentKey(.cratonProjects, project)
        return craton.named(JSONString(name), .user, in: owner).elements().map { order in
            let row = order.row
            func flag(_ name: JSONString) -> Bool {
                row.kind.place(of: name).flatMap { row.item.values[$0].bool } ?? false
            }
            return CratonCaller(
                project: project, user: row.id, name: name, isAdmin: flag("is_admin"),
                isRoot: flag("is_root"))
        }
    }
}

extension Snapshot {
    /// The integer that the Craton API shows for a device; nil where it does not show it.
    func cratonAlias(of device: DocumentKey) -> Int? { craton.rows[device]?.alias }

    /// The cloud that a device which registers is in, where it is not that of its region.
    var defaultCloud: DocumentID? {
        guard let region = settings.defaultRegion, let cloud = settings.defaultCloud,
            let row = craton.row(.region, region), row.cloud != cloud
        else { return nil }
        return cloud
    }
}

extension CratonIndex {
    /// The item of a path; nil where there is none for this caller.
    func find(_ kind: CratonKind, _ id: String, for caller: CratonCaller) -> CratonRow? {
        if kind == .projects {
            return canonicalUUID(id).flatMap { DocumentID($0) }
                .flatMap { rows[DocumentKey(.cratonProjects, $0)] }
        }
        guard let number = plainNumber(id), let row = row(kind.family, number), row.kind == kind
        else { return nil }
        let isSeen = row.project == caller.project || (kind == .users && caller.isRoot)
        return isSeen ? row : nil
    }

    /// What a number in a body or a filter stands for, within a project.
    func row(
        _ reference: CratonReference, numbered number: Int, in project: DocumentID
    ) -> CratonRow? {
        row(reference.family, number).flatMap { $0.project == project ? $0 : nil }
    }
}

/// A number as Craton's addresses write it: decimal, without sign and leading zeros.
func plainNumber(_ text: String) -> Int? {
    let digits = text.utf8
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
        digits.count == 1 || digits.first != 0x30
    else { return nil }
    return Int(text)
}

/// A UUID of any case, with or without dashes, as the registry writes it.
public func canonicalUUID(_ text: String) -> String? {
    let digits = text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") }
    guard digits.count == 32, text.utf8.count == 32 || text.utf8.count == 36 else { return nil }
    let hex = String(decoding: digits, as: UTF8.self)
    var uuid = ""
    for (place, digit) in hex.enumerated() {
        if [8, 12, 16, 20].contains(place) { uuid += "-" }
        uuid.append(digit)
    }
    return isUUID(uuid) ? uuid : nil
}

extension Snapshot {
    /// Equal where the API answers the same: what its answers are made from changes with this alone.
    public var cratonState: [(UInt64, UInt64)] {
        DocumentKind.all.map(\.collection)
            .filter { CratonFamily($0) != nil || $0.isVariables }
            .map { state(of: $0).words }
    }
}

/// A UUID of version 4, variant 1 (RFC 9562, section 5.4), made of 16 random bytes.
public func uuid(ofRandom random: [UInt8]) -> String {
    var bytes = Array(random.prefix(16)) + Array(repeating: 0, count: max(0, 16 - random.count))
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    return canonicalUUID(lowercaseHex(bytes)) ?? ""
}
