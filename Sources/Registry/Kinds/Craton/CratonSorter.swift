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
    private var rest: [UInt64] = []
    private(set) var count = 0

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
        if width > 0 {
            append(UInt64(bitPattern: Int64(number)) << UInt64(64 - 8 * width), bytes: width)
        }
    }

    mutating func append(_ text: JSONString) {
        append(Mark.text)
        text.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            var place = 0
            while place + 8 <= text.count {
                append(text.loadUnaligned(fromByteOffset: place, as: UInt64.self).bigEndian, 8)
                place += 8
            }
            var tail: UInt64 = 0
            for byte in text[place...].reversed() { tail = tail >> 8 | UInt64(byte) << 56 }
            append(tail, text.count - place)
        }
        append(0)
    }

    private mutating func append(_ byte: UInt8) { append(UInt64(byte) << 56, bytes: 1) }

    /// Appends bytes of a text, the first `width` of a word whose others are zeros.
    private mutating func append(_ word: UInt64, _ width: Int) {
        // The highest bit of each byte that is zero; of those behind the text too.
        let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let zeros = (word &- ones) & ~word & highs
        guard zeros.leadingZeroBitCount < 8 * width else { return append(word, bytes: width) }
        for place in 0..<width {
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * place))
            append(byte)
            if byte == 0 { append(0xFF) }
        }
    }

    /// Appends the first `width` bytes of a word whose others are zeros.
    private mutating func append(_ word: UInt64, bytes width: Int) {
        let filled = count % 8 * 8
        set(word >> UInt64(filled), in: count / 8)
        if filled + 8 * width > 64 { set(word << UInt64(64 - filled), in: count / 8 + 1) }
        count += width
    }

    /// Sets bits of a word that have been zeros.
    private mutating func set(_ bits: UInt64, in word: Int) {
        switch word {
        case 0: words.0 |= bits
        case 1: words.1 |= bits
        case 2: words.2 |= bits
        case 3 + rest.count: rest.append(bits)
        default: rest[word - 3] |= bits
        }
    }

    /// How many bytes both begin with.
    func commonPrefix(with other: CratonPlaceBytes) -> Int {
        let most = min(count, other.count)
        for place in 0..<(most + 7) / 8 {
            let difference = word(place) ^ other.word(place)
            if difference != 0 { return min(most, 8 * place + difference.leadingZeroBitCount / 8) }
        }
        return most
    }

    /// Eight bytes, the first of which is that at `byte`.
    func word(from byte: Int) -> UInt64 {
        let passed = UInt64(byte % 8 * 8)
        return word(byte / 8) << passed | word(byte / 8 + 1) >> (64 - passed)
    }

    private func word(_ place: Int) -> UInt64 {
        switch place {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: place - 3 < rest.count ? rest[place - 3] : 0
        }
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
    /// What rows named lately, by reference and the place of the uid; see ``SharedIDs``.
    private var named: [Named?] = []
    private struct Named {
        let id: DocumentID
        let number: Int?
    }

    /// How many of ``named`` a key has.
    private static let namedCount = 4096

    /// - Parameter isTotal: whether the number decides at last.
    init(
        _ index: CratonIndex, _ keys: [CratonSortKey], _ subject: CratonQuery.Subject,
        isTotal: Bool = true
    ) {
        self.index = index
        self.keys = keys.contains(.id) || !isTotal ? keys : keys + [.id]
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
        case .reference(let reference): bytes.append(number(of: reference, row, key: place))
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

    private func number(of reference: CratonReference, _ row: CratonRow, key: Int) -> Int? {
        guard let id = row[reference] else { return nil }
        if reference == .parent, index.cycles.isRoot(row.id) { return nil }
        if named.isEmpty { named = Array(repeating: nil, count: keys.count * Self.namedCount) }
        let slot = key * Self.namedCount + Self.slot(of: id)
        if let named = named[slot], named.id == id { return named.number }
        let number = index.target(reference, of: row)?.alias
        named[slot] = Named(id: id, number: number)
        return number
    }

    private static func slot(of id: DocumentID) -> Int {
        id.text.utf8.withContiguousStorageIfAvailable { text in
            Int(bitPattern: text.baseAddress) / 16 % namedCount
        } ?? 0
    }
}
