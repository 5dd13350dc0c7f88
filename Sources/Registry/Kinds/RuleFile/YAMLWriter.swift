/// Writes values as YAML that readers of 1.1 and 1.2 understand alike, with gaps for a uid.
struct YAMLWriter {
    var text = TemplateText()
    /// Whether text of several lines may be written as such; not for uids that would break a line.
    let usesLiterals: Bool

    init(usesLiterals: Bool) { self.usesLiterals = usesLiterals }

    static func write(_ root: YAMLValue, usesLiterals: Bool = true) -> TemplateText {
        var writer = YAMLWriter(usesLiterals: usesLiterals)
        writer.write(root, indent: 0, isInline: true)
        return writer.text
    }

    /// Writes lines; the first of them has its indentation already where it `isInline`.
    private mutating func write(_ value: YAMLValue, indent: Int, isInline: Bool) {
        switch value {
        case .mapping(let members) where !members.isEmpty:
            for (index, member) in members.enumerated() {
                if index > 0 || !isInline { writeSpaces(indent) }
                writeKey(member.key, indent: indent)
                text.append(":")
                write(afterColon: member.value, indent: indent)
            }
        case .sequence(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                if index > 0 || !isInline { writeSpaces(indent) }
                text.append("- ")
                write(element, indent: indent + 2, isInline: true)
            }
        case .mapping: text.append("{}\n")
        case .sequence: text.append("[]\n")
        case .scalar(let string, let isString):
            writeScalar(string, isString: isString, indent: indent)
        }
    }

    private mutating func write(afterColon value: YAMLValue, indent: Int) {
        switch value {
        case .mapping(let members) where !members.isEmpty:
            text.append("\n")
            write(value, indent: indent + 2, isInline: false)
        case .sequence(let elements) where !elements.isEmpty:
            text.append("\n")
            write(value, indent: indent + 2, isInline: false)
        default:
            text.append(" ")
            write(value, indent: indent + 2, isInline: true)
        }
    }

    private mutating func writeKey(_ key: YAMLValue, indent: Int) {
        guard case .scalar(let string, let isString) = key else { return }
        // A simple key has one line of at most 1,024 characters, and a uid may fill them.
        if string.utf8.count <= 200, !Placeholder.isIn(string) {
            writeLine(string, isString: isString)
        } else {
            text.append("? ")
            writeLine(string, isString: isString)
            text.append("\n")
            writeSpaces(indent)
        }
    }

    private mutating func writeSpaces(_ count: Int) {
        text.append(String(repeating: " ", count: count))
    }
}

/// Text cut where a uid goes in: `parts` has one element more than `gaps`.
struct TemplateText: Sendable {
    /// How a uid is written into a gap.
    enum Gap: Sendable {
        case raw
        case doubleQuoted
    }

    private(set) var parts = [""]
    private(set) var gaps: [Gap] = []

    mutating func append(_ string: some StringProtocol) { parts[parts.count - 1] += string }

    mutating func append(_ gap: Gap) {
        gaps.append(gap)
        parts.append("")
    }

    /// The text with `uid` in every gap.
    func filled(with uid: String) -> String {
        var text = parts[0]
        let quoted = YAMLWriter.escaped(uid)
        for (gap, part) in zip(gaps, parts.dropFirst()) {
            text += gap == .raw ? uid : quoted
            text += part
        }
        return text
    }
}
