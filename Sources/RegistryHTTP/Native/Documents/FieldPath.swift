import JSON
import Registry

/// A place that queries name: `address`, `annotations.site`, or a pointer, `/annotations/site`.
///
/// `uid` is the document's own; `/uid` is a member of that name. Lists are passed through: a name
/// below a list is that of any of its elements.
struct FieldPath: Hashable, Sendable {
    /// As it was written.
    let text: String
    private let tokens: [JSONString]

    init?(_ text: String) {
        self.text = text
        if text.hasPrefix("/") {
            guard let pointer = try? JSONPointer(parsing: text) else { return nil }
            tokens = pointer.tokens
        } else {
            let names = text.split(separator: ".", omittingEmptySubsequences: false)
            guard !names.contains("") else { return nil }
            tokens = names.map { JSONString(String($0)) }
        }
    }

    private var isUID: Bool { text == "uid" }

    /// Whether documents of a kind may have something there, as far as the first name tells.
    func mayBe(in kind: DocumentKind) -> Bool {
        guard let members = kind.members, let first = tokens.first else { return true }
        return isUID || members.contains(first)
    }

    /// The scalars at the place, those of lists one by one.
    func scalars(of document: QueriedDocument) -> [JSONValue] {
        if isUID { return [.text(document.stored.id.text)] }
        return Self.elements(of: found(in: document.data ?? .null))
    }

    /// What stands at the place; several values where it lies in a list.
    private func found(in root: JSONValue) -> [JSONValue] {
        tokens.reduce([root]) { values, token in
            values.flatMap { value -> [JSONValue] in
                if let found = value.value(at: JSONPointer(tokens: [token])) { return [found] }
                return (value.array ?? []).compactMap { $0[token] }
            }
        }
    }

    private static func elements(of values: [JSONValue]) -> [JSONValue] {
        values.flatMap { value in
            value.array?.filter { $0.array == nil && $0.object == nil }
                ?? (value.object == nil ? [value] : [])
        }
    }

    /// Puts what a document has at the place into `object`, at the same place.
    func copy(from document: QueriedDocument, into object: inout JSONObject) {
        if isUID {
            object["uid"] = .text(document.stored.id.text)
            return
        }
        let pointer = JSONPointer(tokens: tokens)
        guard let first = tokens.first, let value = document.data?.value(at: pointer) else {
            return
        }
        guard tokens.count > 1 else {
            object[first] = value
            return
        }
        // What is nested keeps its place, in objects.
        var nested = value
        for (depth, token) in tokens.enumerated().dropFirst().reversed() {
            let above = JSONValue.object(object)
                .value(at: JSONPointer(tokens: Array(tokens[..<depth])))?.object
            var member = above ?? [:]
            member[token] = nested
            nested = .object(member)
        }
        object[first] = nested
    }
}

/// A document that is asked for several of its places, and read once.
final class QueriedDocument {
    let stored: StoredDocument
    private(set) lazy var data = stored.data

    init(_ stored: StoredDocument) { self.stored = stored }
}

/// One condition of a list: `address=10.0.*`, `kind!=host`, `creation_date>=2026-01-01`.
struct FieldFilter: Sendable {
    enum Relation: String, Sendable {
        case equal = "="
        case different = "!="
        case atLeast = ">="
        case atMost = "<="
    }

    let path: FieldPath
    let relation: Relation
    /// `*` stands for any text.
    let wanted: String
    private let pieces: [[UInt8]]
    private let number: JSONNumber?
    /// What the bytes of every document that matches must have; nil where nothing is known.
    private let needed: TextFilter?

    init?(_ pair: RawQuery.Pair) {
        var name = pair.name
        switch name.last {
        case "!": relation = .different
        case ">": relation = .atLeast
        case "<": relation = .atMost
        default: relation = .equal
        }
        if relation != .equal { name.removeLast() }
        guard let path = FieldPath(name) else { return nil }
        self.path = path
        wanted = pair.value
        pieces = wanted.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
        number = JSONNumber(literal: wanted)
        // A number may be written in another way.
        let longest = pieces.max { $0.count < $1.count } ?? []
        let isSought = relation == .equal && number == nil && !longest.isEmpty
        needed =
            isSought && path.text != "uid"
            ? TextFilter(String(decoding: longest, as: UTF8.self)) : nil
    }

    /// False where the document cannot match, without reading it; true may be wrong.
    func mayMatch(_ stored: StoredDocument) -> Bool {
        guard let needed, stored.collection.isJSON else { return true }
        return needed.mayBeFound(in: stored.bytes)
    }

    func matches(_ document: QueriedDocument) -> Bool {
        let values = path.scalars(of: document)
        switch relation {
        case .equal: return isEqual(values)
        case .different: return !isEqual(values)
        case .atLeast: return values.contains { order($0) >= 0 }
        case .atMost: return values.contains { order($0) <= 0 }
        }
    }

    /// An empty text is also what is not there.
    private func isEqual(_ values: [JSONValue]) -> Bool {
        if wanted.isEmpty, values.isEmpty { return true }
        return values.contains { value in
            if let number, let own = value.number { return own.hasSameValue(as: number) }
            return isLike(value.scalarText)
        }
    }

    /// Whether the text has the pieces between the stars, in order, the first at its start and the
    /// last at its end.
    private func isLike(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else {
            return bytes == pieces.first
        }
        guard bytes.count >= first.count + last.count, bytes.starts(with: first),
            bytes.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = bytes[first.count..<(bytes.count - last.count)]
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let end = rest.end(ofFirst: piece) else { return false }
            rest = rest[end...]
        }
        return true
    }

    private func order(_ value: JSONValue) -> Int {
        SortKey(value) < SortKey(number.map { .number($0) } ?? .text(wanted))
            ? -1 : SortKey(number.map { .number($0) } ?? .text(wanted)) < SortKey(value) ? 1 : 0
    }
}

/// What lists are sorted by: what is absent first, then numbers, then text by code point.
struct SortKey: Comparable, Sendable {
    private let rank: Int
    private let number: Double
    private let text: [UInt8]

    init(_ value: JSONValue?) {
        switch value {
        case nil, .null?: (rank, number, text) = (0, 0, [])
        case .number(let literal)?: (rank, number, text) = (1, literal.double ?? .infinity, [])
        case let value?: (rank, number, text) = (2, 0, Array(value.scalarText.utf8))
        }
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
        guard left.rank == right.rank else { return left.rank < right.rank }
        guard left.number == right.number else { return left.number < right.number }
        return left.text.lexicographicallyPrecedes(right.text)
    }
}

extension JSONValue {
    /// A scalar as people write it in a query.
    var scalarText: String {
        switch self {
        case .null: ""
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number.literal
        case .string(let string): string.description
        case .array, .object: ""
        }
    }
}

extension ArraySlice<UInt8> {
    /// Where the first occurrence of `piece` ends.
    func end(ofFirst piece: [UInt8]) -> Int? {
        guard count >= piece.count else { return nil }
        for start in startIndex...(endIndex - piece.count)
        where self[start...].starts(with: piece) {
            return start + piece.count
        }
        return nil
    }
}
