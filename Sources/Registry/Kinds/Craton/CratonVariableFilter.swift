internal import JSON

/// One part of `vars=`: a path into a variable, and what must be contained there.
struct CratonVariableFilter: Sendable {
    enum Leg: Hashable, Sendable {
        case member(JSONString)
        case anyMember
        case element(Int)
        case anyElement
    }

    /// The name of the variable.
    let name: JSONString
    let legs: [Leg]
    let value: JSONValue

    /// Reads the whole parameter; of two parts with one path the last one counts.
    static func read(_ text: String) throws(CratonRefusal) -> [CratonVariableFilter] {
        var order: [String] = []
        var filters: [String: CratonVariableFilter] = [:]
        let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        for part in parts {
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { throw .jsonPath }
            let path = String(Substring(part[..<colon]))
            let filter = try CratonVariableFilter(
                path: path, value: Array(part[part.index(after: colon)...]))
            if filters.updateValue(filter, forKey: path) == nil { order.append(path) }
        }
        return order.compactMap { filters[$0] }
    }

    private init(path: String, value: [UInt8]) throws(CratonRefusal) {
        var reader = CratonPathReader(path)
        guard let name = reader.name(), let legs = reader.legs() else { throw .jsonPath }
        guard let value = try? JSONValue(parsing: value, options: .api) else { throw .jsonValue }
        self.name = name
        self.legs = legs
        self.value = value
    }

    /// Whether a variable of this value passes.
    func matches(_ variable: JSONValue) -> Bool {
        var hits = [variable]
        for leg in legs { hits = hits.flatMap { Self.step(leg, into: $0) } }
        guard let first = hits.first else { return false }
        let isList = legs.contains(.anyMember) || legs.contains(.anyElement)
        return (isList ? .array(hits) : first).holds(value)
    }

    private static func step(_ leg: Leg, into value: JSONValue) -> [JSONValue] {
        switch leg {
        case .member(let name): value[name].map { [$0] } ?? []
        case .anyMember: value.object?.members.map(\.value) ?? []
        case .anyElement: value.array ?? []
        case .element(let place):
            if let elements = value.array {
                elements.indices.contains(place) ? [elements[place]] : []
            } else {
                // MySQL takes what is no array for an array of itself.
                place == 0 ? [value] : []
            }
        }
    }
}

/// Reads the paths of `vars=`: a name, then `.key`, `."key"`, `.*`, `[n]` and `[*]`.
private struct CratonPathReader {
    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    /// The variable's name, in which hyphens may stand.
    mutating func name() -> JSONString? {
        if next == "\"" { return quoted() }
        return identifier { $0 == "-" }
    }

    /// Every leg behind it; nil where one is none.
    mutating func legs() -> [CratonVariableFilter.Leg]? {
        var legs: [CratonVariableFilter.Leg] = []
        while let mark = next {
            place += 1
            switch mark {
            case ".":
                if next == "*" {
                    place += 1
                    legs.append(.anyMember)
                } else if let key = next == "\"" ? quoted() : identifier({ $0 == "$" }) {
                    legs.append(.member(key))
                } else {
                    return nil
                }
            case "[":
                guard let leg = element() else { return nil }
                legs.append(leg)
            default: return nil
            }
        }
        return legs
    }

    private mutating func element() -> CratonVariableFilter.Leg? {
        guard let end = scalars[place...].firstIndex(of: "]") else { return nil }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[place..<end])
        place = end + 1
        if String(text) == "*" { return .anyElement }
        return plainNumber(String(text)).map { .element($0) }
    }

    private mutating func identifier(_ isAlsoAllowed: (Unicode.Scalar) -> Bool) -> JSONString? {
        var text = String.UnicodeScalarView()
        while let scalar = next {
            let isLetter = scalar == "_" || scalar.properties.isAlphabetic
            let isLater = scalar.properties.numericType != nil || isAlsoAllowed(scalar)
            guard isLetter || (isLater && (!text.isEmpty || scalar == "$")) else { break }
            text.append(scalar)
            place += 1
        }
        return text.isEmpty ? nil : JSONString(String(text))
    }

    private mutating func quoted() -> JSONString? {
        var text = "\"".unicodeScalars
        place += 1
        while let scalar = next {
            place += 1
            text.append(scalar)
            if scalar == "\\", let escaped = next {
                text.append(escaped)
                place += 1
            } else if scalar == "\"" {
                let value = try? JSONValue(parsing: String(text), options: .api)
                return value?.string.flatMap { $0.isEmpty ? nil : $0 }
            }
        }
        return nil
    }
}

extension JSONValue {
    /// Whether `candidate` is contained, as MySQL's JSON_CONTAINS says.
    ///
    /// Both come from a parser that bounds their depth, and so this.
    func holds(_ candidate: JSONValue) -> Bool {
        switch (self, candidate) {
        case (.array(let elements), .array(let candidates)):
            candidates.allSatisfy { candidate in elements.contains { $0.holds(candidate) } }
        case (.array(let elements), _): elements.contains { $0.holds(candidate) }
        case (.object(let object), .object(let members)):
            members.members.allSatisfy { object[$0.name]?.holds($0.value) ?? false }
        case (.number(let left), .number(let right)):
            left == right || left.double.map { $0 == right.double } ?? false
        default: self == candidate
        }
    }
}
