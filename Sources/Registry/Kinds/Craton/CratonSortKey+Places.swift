internal import JSON

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

/// Finds the places of many rows by the same keys; used in one request only.
///
/// A fleet is looked through for each page, so what is the same for all rows is found once.
final class CratonSorter {
    private let index: CratonIndex
    private let keys: [CratonSortKey]
    /// Where each key's field is among the values of a row; nil for the name.
    private let fields: [CratonFieldPlaces?]
    /// The numbers of what rows name, by reference and uid.
    private var numbers: [DocumentKey: CratonSortPlace.Part] = [:]

    init(_ index: CratonIndex, _ query: CratonQuery) {
        self.index = index
        // The number decides at last.
        keys = query.sortKeys.contains(.id) ? query.sortKeys : query.sortKeys + [.id]
        let nameMember = (query.subject.kind ?? .hosts).nameMember
        fields = keys.map { key in
            guard case .field(let name) = key, name != nameMember else { return nil }
            return CratonFieldPlaces(name, query.subject)
        }
    }

    func place(of row: CratonRow) -> CratonSortPlace {
        CratonSortPlace(parts: keys.indices.map { part(of: row, $0) }, row: row)
    }

    /// What the first key alone says; most rows need no more.
    func firstPart(of row: CratonRow) -> CratonSortPlace.Part { part(of: row, 0) }

    private func part(of row: CratonRow, _ place: Int) -> CratonSortPlace.Part {
        switch keys[place] {
        case .id:
            return row.family == .project ? .text(JSONString(row.id.text)) : .number(row.alias)
        case .created: return .number(Int(row.item.created))
        case .updated:
            return row.item.updatedAt.map { .number(Int($0.microseconds)) } ?? .null
        case .project, .reference(.project): return .text(JSONString(row.project.text))
        case .kind: return .number(row.kind == .hosts ? 0 : 1)
        case .reference(.parent):
            return index.parent(of: row).map { .number($0.alias) } ?? .null
        case .reference(let reference): return number(of: reference, row)
        case .field: break
        }
        guard let places = fields[place] else { return .text(row.item.name) }
        guard let field = places[row] else { return .null }
        switch row.item.values[field] {
        case .string(let text): return .text(text)
        case .bool(let bool): return .number(bool ? 1 : 0)
        case let value: return value.int.map { .number($0) } ?? .null
        }
    }

    private func number(
        of reference: CratonReference, _ row: CratonRow
    ) -> CratonSortPlace.Part {
        guard let id = row[reference] else { return .null }
        let key = reference.key(id)
        if let known = numbers[key] { return known }
        let part =
            index.target(reference, of: row).map { CratonSortPlace.Part.number($0.alias) } ?? .null
        numbers[key] = part
        return part
    }
}
