internal import Yams

extension YAMLValue {
    /// How many values a text may stand for, aliases expanded.
    static let maximumNodes = 10_000
    /// How many bytes its scalars may have in all, aliases expanded, and a rendered text.
    static let maximumBytes = 1 << 20
    static let maximumDepth = 128

    /// Reads the only document of a YAML 1.1 text; nil when the text holds none.
    static func parse(_ text: String) throws(YAMLError) -> YAMLValue? {
        guard text.utf8.count <= maximumBytes else {
            throw YAMLError("the text is longer than \(maximumBytes) bytes")
        }
        try YAMLNesting(text).check()
        guard let root = try compose(text) else { return nil }
        var expansion = Expansion()
        return try expansion.value(root, depth: 0)
    }

    private static func compose(_ text: String) throws(YAMLError) -> Node? {
        do {
            return try Yams.Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw YAMLError(error, in: text)
        } catch {
            throw YAMLError("\(error)")
        }
    }
}

/// Turns composed nodes, whose aliases share memory, into values, and counts on the way.
private struct Expansion {
    private var nodes = 0
    private var bytes = 0

    mutating func value(_ node: Node, depth: Int) throws(YAMLError) -> YAMLValue {
        let line = node.mark?.line
        guard depth <= YAMLValue.maximumDepth else {
            throw YAMLError("nested more than \(YAMLValue.maximumDepth) deep", line: line)
        }
        nodes += 1
        guard nodes <= YAMLValue.maximumNodes else {
            throw YAMLError("more than \(YAMLValue.maximumNodes) values, aliases expanded")
        }
        switch node {
        case .scalar(let scalar):
            return try value(scalar)
        case .sequence(let sequence):
            try refuse(sequence.tag, unless: "seq", line: line)
            var elements: [YAMLValue] = []
            for element in sequence { elements.append(try value(element, depth: depth + 1)) }
            return .sequence(elements)
        case .mapping(let mapping):
            try refuse(mapping.tag, unless: "map", line: line)
            var members: [YAMLValue.Member] = []
            for (key, member) in mapping {
                guard case .scalar = key else {
                    throw YAMLError("a key must be a scalar", line: key.mark?.line)
                }
                let key = try value(key, depth: depth + 1)
                members.append(.init(key: key, value: try value(member, depth: depth + 1)))
            }
            return .mapping(members)
        case .alias:
            throw YAMLError("an alias stands for nothing", line: line)
        }
    }

    private mutating func value(_ scalar: Node.Scalar) throws(YAMLError) -> YAMLValue {
        bytes += scalar.string.utf8.count
        guard bytes <= YAMLValue.maximumBytes else {
            throw YAMLError("more than \(YAMLValue.maximumBytes) bytes, aliases expanded")
        }
        let tag = scalar.tag.description
        // Yams fills the tags of keys in, so a tag that the text would get anyway says nothing.
        let isImplicit =
            tag.isEmpty
            || scalar.style == .plain && tag == Node(scalar.string, .implicit).tag.description
        if scalar.style == .plain, isImplicit { return .scalar(scalar.string, isString: false) }
        try refuse(scalar.tag, unless: "str", line: scalar.mark?.line)
        return .scalar(scalar.string, isString: true)
    }

    private func refuse(_ tag: Tag, unless allowed: String, line: Int?) throws(YAMLError) {
        let name = tag.description
        guard !["", "!", prefix + allowed].contains(name) else { return }
        throw YAMLError("the tag \(name.prefix(100)) is not allowed", line: line)
    }

    private let prefix = "tag:yaml.org,2002:"
}

extension YAMLError {
    fileprivate init(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let context = context.map { "\($0.text): " } ?? ""
            // At the end of the text the mark is behind its last line.
            let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
            self.init("\(context)\(problem)", line: min(max(mark.line, 1), lines))
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.prefix($0).count(where: \.isNewline) + 1 }
            self.init(problem, line: line)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.joined(separator: ", ").prefix(200)
            self.init("a mapping has this key twice: \(names)", line: context.mark.line)
        default:
            self.init("\(error)")
        }
    }
}
