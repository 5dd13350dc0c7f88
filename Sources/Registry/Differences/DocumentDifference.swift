public import JSON

/// What differs between two versions of one file: the fields of a document, the lines of a text.
public struct DocumentDifference: Sendable {
    public enum Kind: String, Hashable, Sendable {
        case added, removed, changed
    }

    /// The most fields that are named.
    public static let fieldLimit = 1_000

    /// From the top of the repository.
    public let path: String
    /// The document that the file is; nil for another file.
    public let key: DocumentKey?
    public let kind: Kind
    /// The places that differ, in the order of the document.
    public let fields: [FieldChange]
    /// How many more there are.
    public let moreFields: Int
    /// Whether the fields say all there is: a version that cannot be read has only lines, and so
    /// have a rule file's comments.
    public let isReadable: Bool
    private let old: [UInt8]
    private let new: [UInt8]

    /// - Parameters:
    ///   - old: nil where there was no file.
    ///   - new: nil where there is none any more.
    public init(path: String, old: [UInt8]?, new: [UInt8]?) {
        self.path = path
        if case .document(let key) = FileLayout.key(ofPath: path) {
            self.key = key
        } else {
            key = nil
        }
        kind = old == nil ? .added : new == nil ? .removed : .changed
        self.old = old ?? []
        self.new = new ?? []
        let reader = DocumentReader(path: path)
        let values = (old.map(reader.value), new.map(reader.value))
        isReadable = values.0 != .some(nil) && values.1 != .some(nil)
        guard isReadable else {
            fields = []
            moreFields = 0
            return
        }
        var difference = JSONDifference(identity: reader.identity, limit: Self.fieldLimit)
        difference.compare(values.0 ?? nil, values.1 ?? nil)
        fields = difference.changes
        moreFields = difference.count - difference.changes.count
    }

    /// The difference as a unified diff without file names.
    public var text: String { text(lineLimit: 20_000) }

    /// - Parameter lineLimit: how many lines of it are given.
    public func text(lineLimit: Int) -> String {
        let isBinary = old.contains(0) || new.contains(0)
        return isBinary
            ? "@@ no text: \(old.count) bytes, now \(new.count) @@\n"
            : unifiedDiff(from: old, to: new, lineLimit: lineLimit)
    }

    /// A line for people: `address: "10.0.0.7" → "10.0.0.8", and 3 more`.
    public var summary: String {
        switch (kind, fields.first) {
        case (.added, _): return "added"
        case (.removed, _): return "removed"
        case (.changed, nil): return isReadable ? "only its form changed" : "changed"
        case (.changed, let first?):
            let rest = fields.count + moreFields - 1
            return rest > 0 ? "\(first.summary), and \(rest) more" : first.summary
        }
    }

    /// The form of API answers.
    public var json: JSONValue {
        var object: JSONObject = [
            "path": .text(path), "kind": .text(kind.rawValue),
            "fields": .array(fields.map(\.json)), "more_fields": .number(JSONNumber(moreFields)),
            "diff": .text(text(lineLimit: 2_000)),
        ]
        object["document"] = key.map { .text($0.description) }
        return .object(object)
    }
}

/// Reads files as values that can be compared by field.
struct DocumentReader {
    private let isRuleFile: Bool
    private let isJSON: Bool
    private let policy: MergePolicy

    init(path: String) {
        isJSON = path.utf8.suffix(5).elementsEqual(".json".utf8)
        isRuleFile = path.utf8.suffix(6).elementsEqual(".rules".utf8)
        policy = MergePolicy(path: path)
    }

    /// Nil for what is neither JSON nor YAML.
    func value(_ bytes: [UInt8]) -> JSONValue? {
        if isJSON { return try? JSONValue(parsing: bytes, options: .document) }
        guard isRuleFile, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return (try? YAMLValue.parse(text))?.json
    }

    func identity(at pointer: JSONPointer) -> JSONListIdentity {
        guard isRuleFile else { return policy.identity(at: pointer) }
        switch pointer.tokens.last {
        case "groups": return .byMember("name")
        case "rules": return .byMember("alert")
        default: return .automatic
        }
    }
}
