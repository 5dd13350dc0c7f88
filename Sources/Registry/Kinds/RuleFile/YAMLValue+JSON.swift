public import JSON

extension YAMLValue {
    /// What JSON says, as YAML data.
    ///
    /// Calls itself, as deep as a parser of JSON reads.
    init(json value: JSONValue) {
        switch value {
        case .null: self = .scalar("null", isString: false)
        case .bool(let bool): self = .scalar(bool ? "true" : "false", isString: false)
        case .number(let number): self = .scalar(number.literal, isString: false)
        case .string(let string): self = .scalar(string.description, isString: true)
        case .array(let elements): self = .sequence(elements.map(YAMLValue.init))
        case .object(let object):
            self = .mapping(
                object.map { name, value in
                    Member(
                        key: .scalar(name.description, isString: true),
                        value: YAMLValue(json: value))
                })
        }
    }

    /// The data as JSON: numbers, true, false and null as the core schema of YAML 1.2 reads them, all
    /// else as text.
    ///
    /// Calls itself, as deep as YAML may be here.
    public var json: JSONValue {
        switch self {
        case .scalar(let text, let isString): return isString ? .text(text) : Self.plain(text)
        case .sequence(let elements): return .array(elements.map(\.json))
        case .mapping(let members):
            return .object(
                JSONObject(members.map { (JSONString($0.key.text ?? ""), $0.value.json) }))
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default:
            guard let number = JSONNumber(literal: text), number.double != nil else {
                return .text(text)
            }
            return .number(number)
        }
    }

    /// The data as the text of a file, placeholders included.
    var fileText: String {
        YAMLWriter.write(self).filled(with: "%%\(Placeholder.deviceUID)%%")
    }
}
