internal import JSON

/// What a list is ordered by.
enum CratonSortKey: Hashable, Sendable {
    case id, created, updated, project
    /// Hosts before network devices.
    case kind
    case reference(CratonReference)
    case field(JSONString)

    /// Nil for what no list of this subject can be sorted by.
    init?(_ name: String, _ subject: CratonQuery.Subject) {
        let kinds = subject.kind.map { [$0] } ?? [.hosts, .networkDevices]
        switch name {
        case "id": self = .id
        case "created_at": self = .created
        case "updated_at": self = .updated
        case "project_id" where subject.kind != .projects: self = .project
        case "type" where subject == .devices: self = .kind
        case "hostname" where subject == .kind(.hosts): self = .field("name")
        default:
            let name = JSONString(name)
            let fields = kinds.map { kind in
                kind.storedFields.first { $0.name == name && $0.isSortable }
            }
            guard let first = fields.first, let field = first,
                !fields.contains(where: { $0 == nil })
            else { return nil }
            self = field.reference.map { .reference($0) } ?? .field(field.name)
        }
    }
}

extension CratonSortKey {
    /// All that devices can be sorted by.
    static let ofDevices: Set<CratonSortKey> = {
        let fields = CratonKind.hosts.storedFields.map(\.name.description)
        let names = ["id", "created_at", "updated_at", "type"] + fields
        return Set(names.compactMap { CratonSortKey($0, .devices) })
    }()
}
