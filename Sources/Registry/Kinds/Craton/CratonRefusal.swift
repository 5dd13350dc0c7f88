internal import JSON

/// Why the Craton API does not do what it was asked, with its status and message.
public struct CratonRefusal: Error, Hashable, Sendable {
    public let status: Int
    public let message: String

    public init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    /// What a body or a query got wrong, one line for each.
    ///
    /// - Parameter lines: at least one, in any order.
    init(lines: [String]) {
        let sorted = lines.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        self.init(
            400,
            "The request included the following errors:" + sorted.map { "\n- " + $0 }.joined())
    }

    public static let notFound = CratonRefusal(404, "Not Found")
    public static let needsRole = CratonRefusal(401, "This action requires the 'admin' role")

    static func unknownMarker(_ marker: String) -> CratonRefusal {
        CratonRefusal(400, "Marker \"\(marker)\" does not exist")
    }

    static func sortKey(_ key: String) -> CratonRefusal {
        CratonRefusal(400, "\"\(key)\" is an invalid sort key")
    }

    static let jsonPath = CratonRefusal(
        400, "The query contains an invalid JSON Path expression.")
    static let jsonValue = CratonRefusal(400, "An invalid JSON value was specified.")

    static func unexpected(_ names: [JSONString]) -> String {
        let listed = names.map { JSONValue.string($0).pythonRepresentation }.joined(separator: ", ")
        return "Additional properties are not allowed (\(listed) "
            + (names.count == 1 ? "was" : "were") + " unexpected)"
    }

    static func wrongType(_ value: JSONValue, _ type: CratonType) -> String {
        "\(value.pythonRepresentation) is not of type '\(type.rawValue)'"
    }

    /// A name that another item of the same place has.
    static func taken(_ family: CratonFamily) -> CratonRefusal {
        switch family {
        case .network:
            CratonRefusal(409, "Network with the given name already exists in this region.")
        case .interface:
            CratonRefusal(409, "An interface with the given name already exists.")
        default:
            CratonRefusal(409, "A \(family.rawValue) with the given name already exists.")
        }
    }

    /// An item that a body names and that is not there.
    static func unknown(_ reference: CratonReference, _ id: Int) -> CratonRefusal {
        CratonRefusal(400, "There is no \(reference.rawValue) with the id \(id).")
    }
}

extension CratonRefusal {
    /// Refuses a query where none is allowed.
    public static func refuseQuery(
        _ pairs: [(name: String, value: String)]
    ) throws(CratonRefusal) {
        guard !pairs.isEmpty else { return }
        let object = JSONValue.object(
            JSONObject(pairs.map { (JSONString($0.name), .text($0.value)) }))
        throw CratonRefusal(lines: [
            unexpected(object.object?.names ?? []),
            "\(object.pythonRepresentation) has too many properties",
        ])
    }

    /// Reads a query of one item, where only `resolved-values` may stand.
    public static func readResolved(
        _ pairs: [(name: String, value: String)]
    ) throws(CratonRefusal) -> Bool {
        var unknown: [JSONString] = []
        for pair in pairs where pair.name != "resolved-values" {
            if !unknown.contains(JSONString(pair.name)) { unknown.append(JSONString(pair.name)) }
        }
        guard unknown.isEmpty else { throw CratonRefusal(lines: [unexpected(unknown)]) }
        return pairs.first.map { isTrue($0.value) } ?? true
    }

    /// How a query says yes: by everything but `n`, `no`, `false`, `0` and nothing.
    static func isTrue(_ text: String) -> Bool {
        !["n", "no", "false", "0", ""].contains(text.lowercased())
    }
}

extension JSONValue {
    /// How Python's `repr` shows the value; long ones are cut.
    var pythonRepresentation: String {
        var text = ""
        var waiting: [Piece] = [.value(self)]
        while let piece = waiting.popLast(), text.utf8.count < 2_000 {
            switch piece {
            case .text(let part): text += part
            case .value(.array(let elements)):
                waiting.append(.text("]"))
                for (place, element) in elements.enumerated().reversed() {
                    waiting.append(.value(element))
                    if place > 0 { waiting.append(.text(", ")) }
                }
                text += "["
            case .value(.object(let object)):
                waiting.append(.text("}"))
                for (place, member) in object.members.enumerated().reversed() {
                    waiting.append(.value(member.value))
                    waiting.append(.text(": "))
                    waiting.append(.value(.string(member.name)))
                    if place > 0 { waiting.append(.text(", ")) }
                }
                text += "{"
            case .value(.string(let string)): text += Self.quoted(string.description)
            case .value(let scalar): text += scalar.pythonText
            }
        }
        return text
    }

    private enum Piece {
        case text(String)
        case value(JSONValue)
    }

    /// In single quotes, or in double ones where that saves escapes.
    private static func quoted(_ string: String) -> String {
        let quote: Unicode.Scalar =
            string.unicodeScalars.contains("'") && !string.unicodeScalars.contains("\"")
            ? "\"" : "'"
        var text = ""
        for scalar in string.unicodeScalars.prefix(500) {
            switch scalar {
            case quote, "\\": text += "\\" + String(scalar)
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isControl:
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return String(quote) + text + String(quote)
    }
}
