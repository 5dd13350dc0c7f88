internal import JSON

/// A row of an order that lists are shown in.
protocol CratonPlaced: Comparable, Sendable {
    var row: CratonRow { get }
}

extension CratonOrder: CratonPlaced {}

/// The place of an item in an order by keys of the caller's choice.
///
/// What the keys say is written into bytes that compare as the values do: null, then numbers,
/// then texts by their bytes. A million places are compared without a look at their rows.
struct CratonPlace: CratonPlaced {
    /// The first eight of the bytes, which tell most places apart.
    private let prefix: UInt64
    private let bytes: [UInt8]
    let row: CratonRow

    init(_ bytes: [UInt8], _ row: CratonRow) {
        prefix = (0..<8).reduce(0) { $0 << 8 | UInt64($1 < bytes.count ? bytes[$1] : 0) }
        self.bytes = bytes
        self.row = row
    }

    static func < (left: CratonPlace, right: CratonPlace) -> Bool {
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        if left.bytes != right.bytes { return left.bytes.lexicographicallyPrecedes(right.bytes) }
        return left.row.order < right.row.order
    }

    static func == (left: CratonPlace, right: CratonPlace) -> Bool {
        left.prefix == right.prefix && left.row.id == right.row.id && left.bytes == right.bytes
    }
}

/// The bytes of a ``CratonPlace`` in the making.
private struct CratonPlaceBytes {
    private(set) var bytes: [UInt8] = []

    /// No mark is 0xFF, which stands behind a zero in a text: so a text goes before a longer one.
    private enum Mark {
        static let null: UInt8 = 0
        static let number: UInt8 = 1
        static let text: UInt8 = 2
    }

    mutating func append(_ number: Int?) {
        guard let number else { return bytes.append(Mark.null) }
        bytes.append(Mark.number)
        let shifted = UInt64(bitPattern: Int64(number)) ^ 1 << 63
        withUnsafeBytes(of: shifted.bigEndian) { bytes += $0 }
    }

    mutating func append(_ text: JSONString) {
        bytes.append(Mark.text)
        text.withUTF8 { text in
            for byte in text {
                bytes.append(byte)
                if byte == 0 { bytes.append(0xFF) }
            }
        }
        bytes.append(0)
    }
}

/// Finds the places of many rows by the same keys; used in one request only.
final class CratonSorter {
    private let index: CratonIndex
    private let keys: [CratonSortKey]
    /// Where each key's field is among the values of a row; nil for the name.
    private let fields: [CratonFieldPlaces?]
    /// The numbers of what rows name, by reference and uid.
    private var numbers: [DocumentKey: Int?] = [:]

    init(_ index: CratonIndex, _ keys: [CratonSortKey], _ subject: CratonQuery.Subject) {
        self.index = index
        // The number decides at last.
        self.keys = keys.contains(.id) ? keys : keys + [.id]
        let nameMember = (subject.kind ?? .hosts).nameMember
        fields = self.keys.map { key in
            guard case .field(let name) = key, name != nameMember else { return nil }
            return CratonFieldPlaces(name, subject)
        }
    }

    func place(of row: CratonRow) -> CratonPlace {
        var bytes = CratonPlaceBytes()
        for place in keys.indices { append(place, of: row, to: &bytes) }
        return CratonPlace(bytes.bytes, row)
    }

    private func append(_ place: Int, of row: CratonRow, to bytes: inout CratonPlaceBytes) {
        switch keys[place] {
        case .id where row.family == .project: bytes.append(JSONString(row.id.text))
        case .id: bytes.append(row.alias)
        case .created: bytes.append(Int(row.item.created))
        case .updated: bytes.append(row.item.updatedAt.map { Int($0.microseconds) })
        case .project, .reference(.project): bytes.append(JSONString(row.project.text))
        case .kind: bytes.append(row.kind == .hosts ? 0 : 1)
        case .reference(.parent): bytes.append(index.parent(of: row)?.alias)
        case .reference(let reference): bytes.append(number(of: reference, row))
        case .field: appendField(place, of: row, to: &bytes)
        }
    }

    private func appendField(
        _ place: Int, of row: CratonRow, to bytes: inout CratonPlaceBytes
    ) {
        guard let places = fields[place] else { return bytes.append(row.item.name) }
        guard let field = places[row] else { return bytes.append(nil) }
        switch row.item.values[field] {
        case .string(let text): bytes.append(text)
        case .bool(let bool): bytes.append(bool ? 1 : 0)
        case let value: bytes.append(value.int)
        }
    }

    private func number(of reference: CratonReference, _ row: CratonRow) -> Int? {
        guard let id = row[reference] else { return nil }
        let key = reference.key(id)
        if let known = numbers[key] { return known }
        let number = index.target(reference, of: row)?.alias
        numbers[key] = .some(number)
        return number
    }
}
