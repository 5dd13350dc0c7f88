public import JSON

/// What is wrong with the members of a body, in the order of the model's members.
public struct FieldErrors: Error, Hashable, Sendable {
    /// Each member once, none without a message.
    public private(set) var fields: [Field] = []

    public struct Field: Hashable, Sendable {
        public let name: String
        public fileprivate(set) var messages: [String]
    }

    public init() {}

    public init(_ name: String, _ messages: String...) { add(messages, to: name) }

    public var isEmpty: Bool { fields.isEmpty }

    /// Adds messages behind those that the member has.
    public mutating func add(_ messages: [String], to name: String) {
        guard !messages.isEmpty else { return }
        if let index = fields.firstIndex(where: { $0.name == name }) {
            fields[index].messages += messages
        } else {
            fields.append(Field(name: name, messages: messages))
        }
    }

    /// `{"<member>": ["<message>", ...], ...}`
    public var value: JSONValue {
        .object(
            JSONObject(
                fields.map { field in
                    (JSONString(field.name), .array(field.messages.map { .text($0) }))
                }))
    }
}

extension FieldErrors {
    /// The members of a body.
    ///
    /// - Throws: the errors of a body that is no object, under `non_field_errors`.
    static func members(of body: JSONValue) throws(FieldErrors) -> JSONObject {
        switch body {
        case .object(let object): return object
        case .null: throw FieldErrors("non_field_errors", "No data provided")
        default:
            throw FieldErrors(
                "non_field_errors",
                "Invalid data. Expected a dictionary, but got \(body.pythonTypeName).")
        }
    }
}

extension JSONValue {
    /// What Python calls the type of this value.
    var pythonTypeName: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .number(let number): number.isInteger ? "int" : "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }

    /// How Python prints this value where it is a scalar; JSON for the others.
    var pythonText: String {
        switch self {
        case .null: "None"
        case .bool(let bool): bool ? "True" : "False"
        case .number(let number): number.literal
        case .string(let string): string.description
        case .array, .object: String(description.prefix(200))
        }
    }
}
