public import JSON

/// The variables and labels of one document, in a file of their own: people edit them apart.
public struct ItemVariables: Document, Hashable {
    /// The document that they belong to.
    public private(set) var owner: DocumentKey
    /// In the order of their names, as is every object in them.
    public private(set) var variables: JSONObject
    /// In the order of code points, each once.
    public private(set) var labels: [String]

    public var creationDate: Timestamp? { nil }

    /// Where they are kept; nil for documents that have none.
    public var key: DocumentKey? { owner.variablesKey }

    /// The owner, named by the file itself.
    public var references: [Reference] { [Reference(to: owner, at: JSONPointer())] }

    public var isEmpty: Bool { variables.isEmpty && labels.isEmpty }

    /// The longest name of a variable, and the longest label, in Unicode scalars.
    public static let maximumLength = 255

    public init(of owner: DocumentKey, variables: JSONObject = [:], labels: [String] = []) {
        self.owner = owner
        self.variables = variables.sortedDeeply
        self.labels = Self.sorted(labels)
    }

    /// Reads a file; see the schema `variables.schema.json`.
    init(parsing bytes: [UInt8], of owner: DocumentKey) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        let read = try reader.optional("variables", "an object", { $0.object }) ?? [:]
        for name in read.names where !Self.isName(name) {
            throw InvalidDocument(
                "The name of a variable has 1 to \(Self.maximumLength) characters.",
                at: JSONPointer(tokens: ["variables", name]))
        }
        let labels = try reader.optional("labels", "a list of texts", { $0.labelTexts }) ?? []
        try reader.finish()
        self.init(of: owner, variables: read, labels: labels)
    }

    static func isName(_ name: JSONString) -> Bool {
        (1...maximumLength).contains(name.unicodeScalarCount)
    }

    static func isLabel(_ text: String) -> Bool { text.unicodeScalars.count <= maximumLength }

    private static func sorted(_ labels: [String]) -> [String] {
        var seen: Set<JSONString> = []
        return labels.filter { seen.insert(JSONString($0)).inserted }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The bytes of its file.
    public func bytes() -> [UInt8] {
        var value: JSONObject = ["variables": .object(variables)]
        if !labels.isEmpty { value["labels"] = .array(labels.map { .text($0) }) }
        return JSONValue.object(value).canonicalBytes()
    }

    /// The same of another document.
    func moved(to owner: DocumentKey) -> ItemVariables {
        var moved = self
        moved.owner = owner
        return moved
    }

    /// What makes the registry hold these; a file that would say nothing is none.
    func change(on snapshot: Snapshot) -> Change? {
        guard let key else { return nil }
        if isEmpty { return snapshot[key] == nil ? nil : .remove(key) }
        return .put(PreparedDocument(key, content: self, bytes: bytes()))
    }
}

extension DocumentKey {
    /// Where the variables of this document are; nil where it can have none.
    public var variablesKey: DocumentKey? {
        collection.variables.map { DocumentKey($0, id) }
    }

    /// Whose variables this document holds; nil where it is another kind.
    public var variablesOwner: DocumentKey? {
        guard collection.isVariables else { return nil }
        return Collection.allCases.first { $0.variables == collection }.map { DocumentKey($0, id) }
    }
}

extension Collection {
    /// The collection with the variables of these documents.
    var variables: Collection? {
        switch self {
        case .devices: .deviceVariables
        case .cratonProjects: .projectVariables
        case .cratonClouds: .cloudVariables
        case .cratonRegions: .regionVariables
        case .cratonCells: .cellVariables
        case .cratonNetworks: .networkVariables
        case .cratonInterfaces: .interfaceVariables
        default: nil
        }
    }

    /// Whether it holds variables of other documents.
    var isVariables: Bool {
        switch self {
        case .deviceVariables, .projectVariables, .cloudVariables, .regionVariables,
            .cellVariables, .networkVariables, .interfaceVariables:
            true
        default: false
        }
    }
}

extension Snapshot {
    /// The variables and labels of a document; empty where it has none.
    public func variables(of owner: DocumentKey) -> ItemVariables {
        owner.variablesKey.flatMap { self[$0]?.content as? ItemVariables }
            ?? ItemVariables(of: owner)
    }
}

extension DocumentKind {
    /// One kind for each collection whose documents have variables.
    static let variables: [DocumentKind] = Collection.allCases.compactMap { owner in
        owner.variables.map { collection in
            DocumentKind(collection, members: ["variables", "labels"]) {
                bytes, id throws(InvalidDocument) in
                try ItemVariables(parsing: bytes, of: DocumentKey(owner, id))
            }
        }
    }
}

extension JSONObject {
    /// The same with the members of every object in the order of their names.
    var sortedDeeply: JSONObject { JSONValue.object(self).sortedDeeply.object ?? self }
}

extension JSONValue {
    /// The same with the members of every object in the order of their names.
    ///
    /// Without recursion: values may be as deep as the parser allows.
    var sortedDeeply: JSONValue {
        var done: [JSONValue] = []
        var waiting: [Step] = [.visit(self)]
        while let step = waiting.popLast() {
            switch step {
            case .visit(.array(let elements)) where !elements.isEmpty:
                waiting.append(.joinArray(elements.count))
                waiting += elements.reversed().map(Step.visit)
            case .visit(.object(let object)) where !object.isEmpty:
                let members = object.members.sorted { $0.name < $1.name }
                waiting.append(.joinObject(members.map(\.name)))
                waiting += members.reversed().map { .visit($0.value) }
            case .visit(let value): done.append(value)
            case .joinArray(let count):
                let elements = Array(done.suffix(count))
                done.removeLast(count)
                done.append(.array(elements))
            case .joinObject(let names):
                let values = done.suffix(names.count)
                let object = JSONObject(zip(names, values).map { ($0, $1) })
                done.removeLast(names.count)
                done.append(.object(object))
            }
        }
        return done.last ?? self
    }

    private enum Step {
        case visit(JSONValue)
        case joinArray(Int)
        case joinObject([JSONString])
    }

    /// The texts of a list of labels; nil where it is none.
    fileprivate var labelTexts: [String]? {
        guard let array else { return nil }
        let texts = array.compactMap(\.text).filter(ItemVariables.isLabel)
        return texts.count == array.count ? texts : nil
    }
}
