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

/// The place of an item in an order that is not kept.
struct CratonSortPlace: Comparable {
    enum Part: Comparable {
        case null
        case number(Int)
        case text(JSONString)
    }

    let parts: [Part]
    let row: CratonRow

    static func < (left: CratonSortPlace, right: CratonSortPlace) -> Bool {
        for (left, right) in zip(left.parts, right.parts) where left != right {
            return left < right
        }
        return left.row.order < right.row.order
    }

    static func == (left: CratonSortPlace, right: CratonSortPlace) -> Bool {
        left.parts == right.parts && left.row.id == right.row.id
    }
}

extension CratonIndex {
    /// Where a row stands by these keys; the number decides at last.
    func place(of row: CratonRow, by keys: [CratonSortKey]) -> CratonSortPlace {
        let parts = keys.map { part(of: row, $0) }
        let last: [CratonSortPlace.Part] =
            row.family == .project ? [.text(JSONString(row.id.text))] : [.number(row.alias)]
        return CratonSortPlace(parts: parts + last, row: row)
    }

    private func part(of row: CratonRow, _ key: CratonSortKey) -> CratonSortPlace.Part {
        switch key {
        case .id:
            return row.family == .project ? .text(JSONString(row.id.text)) : .number(row.alias)
        case .created: return .number(Int(row.item.created))
        case .updated:
            return row.item.updatedAt.map { .number(Int($0.microseconds)) } ?? .null
        case .project: return .text(JSONString(row.project.text))
        case .kind: return .number(row.kind == .hosts ? 0 : 1)
        case .reference(.project): return .text(JSONString(row.project.text))
        case .reference(let reference):
            return target(reference, of: row).map { .number($0.alias) } ?? .null
        case .field(let name):
            if name == row.kind.nameMember { return .text(row.item.name) }
            guard let place = row.kind.place(of: name) else { return .null }
            switch row.item.values[place] {
            case .string(let text): return .text(text)
            case .bool(let bool): return .number(bool ? 1 : 0)
            case let value: return value.int.map { .number($0) } ?? .null
            }
        }
    }
}
