/// A JSON text as a value that keeps member order and the text of numbers.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONString)
    case array([JSONValue])
    case object(JSONObject)

    /// A string value.
    public static func text(_ text: String) -> JSONValue { .string(JSONString(text)) }
}

extension JSONValue {
    public var isNull: Bool { if case .null = self { true } else { false } }

    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }

    /// The integer of a number that is written as one and fits; see ``JSONNumber/int``.
    public var int: Int? { number?.int }

    public var string: JSONString? { if case .string(let string) = self { string } else { nil } }

    /// The text of a string that holds no lone surrogate.
    public var text: String? { string?.string }

    public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The member `name` of an object; nil for every other value.
    public subscript(name: JSONString) -> JSONValue? { object?[name] }
}

extension JSONValue: ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral bool: Bool) { self = .bool(bool) }
    public init(integerLiteral int: Int) { self = .number(JSONNumber(int)) }
    public init(stringLiteral text: String) { self = .text(text) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral members: (JSONString, JSONValue)...) {
        self = .object(JSONObject(members))
    }
}
