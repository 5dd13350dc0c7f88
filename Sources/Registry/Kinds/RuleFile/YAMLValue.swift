/// YAML data: one document with its aliases expanded.
public indirect enum YAMLValue: Sendable {
    /// Text; where it is no string, a reader finds out what the text is (`5`, `yes`, `~`).
    case scalar(String, isString: Bool)
    case sequence([YAMLValue])
    case mapping([Member])

    /// One member of a mapping; its key is a scalar.
    public struct Member: Sendable {
        public let key: YAMLValue
        public let value: YAMLValue
    }

    /// The text of a scalar.
    public var text: String? { if case .scalar(let text, _) = self { text } else { nil } }

    public var sequence: [YAMLValue]? {
        if case .sequence(let elements) = self { elements } else { nil }
    }

    /// The value of a mapping's member.
    public subscript(key: String) -> YAMLValue? {
        guard case .mapping(let members) = self else { return nil }
        return members.first { $0.key.text.map { $0.utf8.elementsEqual(key.utf8) } ?? false }?.value
    }
}

/// Why text is no YAML that the registry takes.
struct YAMLError: Error, Hashable {
    let reason: String
    /// From 1.
    let line: Int?

    init(_ reason: String, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }
}
