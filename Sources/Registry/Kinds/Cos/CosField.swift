internal import JSON

/// One member of a body, as far as it can be judged without the registry.
enum CosField<Value: Sendable>: Sendable {
    case absent
    case value(Value)
    case wrong([String])

    var value: Value? { if case .value(let value) = self { value } else { nil } }

    var messages: [String] { if case .wrong(let messages) = self { messages } else { [] } }

    func flatMap<Other>(_ transform: (Value) -> CosField<Other>) -> CosField<Other> {
        switch self {
        case .absent: .absent
        case .value(let value): transform(value)
        case .wrong(let messages): .wrong(messages)
        }
    }
}

extension CosField<JSONValue> {
    /// A member that may not be null.
    init(_ name: JSONString, of members: JSONObject, isRequired: Bool) {
        switch members[name] {
        case nil: self = isRequired ? .wrong(["This field is required."]) : .absent
        case .null?: self = .wrong(["This field may not be null."])
        case let value?: self = .value(value)
        }
    }
}

extension CosField<String> {
    /// What a text member may be.
    struct TextRule {
        var isRequired = false
        var mayBeBlank = false
        var isTrimmed = true
        var takesNumbers = true
        var maximumLength: Int?
    }

    /// A text member; where the rule takes a number, it is its text.
    init(_ name: JSONString, of members: JSONObject, _ rule: TextRule) {
        let member = CosField<JSONValue>(name, of: members, isRequired: rule.isRequired)
        self = member.flatMap { value in
            switch value {
            case .string(let string): Self.read(string, rule)
            case .number(let number) where rule.takesNumbers:
                Self.read(JSONString(number.literal), rule)
            default: .wrong(["Not a valid string."])
            }
        }
    }

    private static func read(_ string: JSONString, _ rule: TextRule) -> CosField<String> {
        let text = string.string.map { rule.isTrimmed ? $0.trimmingSpaces() : $0 }
        if !rule.mayBeBlank, let text, text.trimmingSpaces().isEmpty {
            return .wrong(["This field may not be blank."])
        }
        var messages: [String] = []
        let length = text?.unicodeScalars.count ?? string.unicodeScalarCount
        if let maximum = rule.maximumLength, length > maximum {
            messages.append("Ensure this field has no more than \(maximum) characters.")
        }
        if string.withUTF8({ $0.contains(0) }) {
            messages.append("Null characters are not allowed.")
        }
        if let reason = string.surrogateReason { messages.append(reason) }
        if let text, Secret.isIn(text) { messages.append(Secret.reason) }
        guard let text, messages.isEmpty else { return .wrong(messages) }
        return .value(text)
    }
}

extension CosField<DocumentID> {
    /// The member `uid`.
    init(uidOf members: JSONObject, isRequired: Bool) {
        let text = CosField<String>(
            "uid", of: members,
            .init(isRequired: isRequired, maximumLength: DocumentID.maximumLength))
        self = text.flatMap { text in
            if text.unicodeScalars.contains(where: \.isControl) {
                return .wrong(["Control characters are not allowed."])
            }
            guard let id = DocumentID(text) else {
                return .wrong(["This uid cannot be used in a URL."])
            }
            return .value(id)
        }
    }
}

extension CosField<Address> {
    /// The member `address`, whose only other message is that it is no address.
    init(addressOf members: JSONObject, isRequired: Bool) {
        let member = CosField<JSONValue>("address", of: members, isRequired: isRequired)
        self = member.flatMap { value in
            if let text = value.text, text.trimmingSpaces().isEmpty {
                return .wrong(["This field may not be blank."])
            }
            guard let address = value.text.flatMap({ Address(parsing: $0) }) else {
                return .wrong(["Enter a valid IPv4 or IPv6 address."])
            }
            return .value(address)
        }
    }
}

/// One entry of a device's list, as sent.
struct CosListEntry: Sendable {
    /// Nil where no object can have this uid.
    let id: DocumentID?
    /// As the message about an unknown entry names it.
    let text: String
}

extension CosField<[CosListEntry]> {
    init(_ list: DeviceList, of members: JSONObject) {
        let member = CosField<JSONValue>(list.memberName, of: members, isRequired: false)
        self = member.flatMap { value in
            guard let entries = value.array else {
                let type = value.pythonTypeName
                return .wrong(["Expected a list of items but got type \"\(type)\"."])
            }
            return .value(
                entries.map { entry in
                    let text = entry.text ?? entry.number?.literal
                    return CosListEntry(id: text.flatMap(DocumentID.init), text: entry.pythonText)
                })
        }
    }
}
