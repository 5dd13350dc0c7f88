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
    private let bytes: CratonPlaceBytes
    let row: CratonRow

    init(_ bytes: CratonPlaceBytes, _ row: CratonRow) {
        self.bytes = bytes
        self.row = row
    }

    static func < (left: CratonPlace, right: CratonPlace) -> Bool {
        if left.bytes != right.bytes { return left.bytes < right.bytes }
        return left.row.order < right.row.order
    }

    static func == (left: CratonPlace, right: CratonPlace) -> Bool {
        left.bytes == right.bytes && left.row.id == right.row.id
    }
}

/// The bytes of a ``CratonPlace``. The first 24 are kept in words, which is all of most places;
/// zeros stand for what a short one lacks.
struct CratonPlaceBytes: Comparable, Sendable {
    private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var count = 0
    private var rest: [UInt8] = []

    /// No mark is 0xFF, which stands behind a zero in a text: so a text goes before a longer one.
    private enum Mark {
        static let null: UInt8 = 0
        /// The number zero. The mark of another is as far from it as the number has bytes.
        static let zero: UInt8 = 16
        static let text: UInt8 = 32
    }

    mutating func append(_ number: Int?) {
        guard let number else { return append(Mark.null) }
        let magnitude = number < 0 ? ~number : number
        let width = (71 - magnitude.leadingZeroBitCount) / 8
        append(number < 0 ? Mark.zero - 1 - UInt8(width) : Mark.zero + UInt8(width))
        for place in (0..<width).reversed() {
            append(UInt8(truncatingIfNeeded: number >> (8 * place)))
        }
    }

    mutating func append(_ text: JSONString) {
        append(Mark.text)
        text.withUTF8 { text in
            for byte in text {
                append(byte)
                if byte == 0 { append(0xFF) }
            }
        }
        append(0)
    }

    private mutating func append(_ byte: UInt8) {
        let bits = UInt64(byte) << UInt64(56 - 8 * (count % 8))
        switch count / 8 {
        case 0: words.0 |= bits
        case 1: words.1 |= bits
        case 2: words.2 |= bits
        default: rest.append(byte)
        }
        count += 1
    }

    static func < (left: CratonPlaceBytes, right: CratonPlaceBytes) -> Bool {
        if left.words != right.words { return left.words < right.words }
        return left.rest.lexicographicallyPrecedes(right.rest)
    }

    static func == (left: CratonPlaceBytes, right: CratonPlaceBytes) -> Bool {
        left.words == right.words && left.rest == right.rest
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

    convenience init(_ index: CratonIndex, _ query: CratonQuery) {
        self.init(index, query.sortKeys, query.subject)
    }

    func place(of row: CratonRow) -> CratonPlace { CratonPlace(bytes(of: row), row) }

    func bytes(of row: CratonRow) -> CratonPlaceBytes {
        var bytes = CratonPlaceBytes()
        for place in keys.indices { append(place, of: row, to: &bytes) }
        return bytes
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
