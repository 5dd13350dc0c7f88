internal import JSON

/// What is special about merging a kind of document.
struct MergePolicy {
    private let collection: Collection?

    init(path: String) {
        guard case .document(let key) = FileLayout.key(ofPath: path) else {
            collection = nil
            return
        }
        collection = key.collection
    }

    /// What tells the elements of a list apart.
    ///
    /// Grafana tells queries by `refId`, and variables and annotations by name.
    func identity(at pointer: JSONPointer) -> JSONListIdentity {
        guard collection == .grafanaDashboards else { return .automatic }
        switch (pointer.tokens.first, pointer.tokens.last) {
        case ("panels", "targets"): return .byMember("refId")
        case ("templating", "list"), ("annotations", "list"): return .byMember("name")
        default: return .automatic
        }
    }

    /// What is no conflict, because one of two values is right: the beginning that was first, the
    /// change that was last, the higher count of a dashboard's changes.
    func choice(_ conflict: JSONMergeConflict) -> JSONMergeChoice? {
        guard let ours = conflict.ours, let theirs = conflict.theirs,
            let name = conflict.pointer.tokens.last
        else { return nil }
        let isAtTop = conflict.pointer.tokens.count == 1
        switch (collection, name) {
        case (.grafanaDashboards, "version") where isAtTop:
            return Self.greatest(ours.int, theirs.int)
        case (let collection?, "updated_at") where collection.hasTimes:
            return Self.greatest(Self.time(ours), Self.time(theirs))
        case (.devices, "creation_date") where isAtTop:
            return Self.least(Self.time(ours), Self.time(theirs))
        case (let collection?, "created_at") where isAtTop && collection.hasTimes:
            return Self.least(Self.time(ours), Self.time(theirs))
        default: return nil
        }
    }

    /// The lists of a device, and variables with their labels, in their fixed order, if they were so
    /// on both sides.
    func ordered(_ value: JSONValue, like sides: [JSONValue]) -> JSONValue {
        if collection?.isVariables == true { return Self.orderedVariables(value, like: sides) }
        guard collection == .devices, var device = value.object else { return value }
        for list in DeviceList.allCases {
            let name = list.memberName
            guard let strings = device[name]?.strings,
                sides.allSatisfy({ Self.isOrdered($0[name]?.strings ?? []) })
            else { continue }
            device[name] = .array(strings.sorted().map(JSONValue.string))
        }
        return .object(device)
    }

    private static func orderedVariables(
        _ value: JSONValue, like sides: [JSONValue]
    ) -> JSONValue {
        guard var document = value.object else { return value }
        if let variables = document["variables"],
            sides.compactMap({ $0["variables"] }).allSatisfy({ $0 == $0.sortedDeeply })
        {
            document["variables"] = variables.sortedDeeply
        }
        if let labels = document["labels"]?.strings,
            sides.allSatisfy({ isOrdered($0["labels"]?.strings ?? []) })
        {
            document["labels"] = .array(labels.sorted().map(JSONValue.string))
        }
        return .object(document)
    }

    private static func isOrdered(_ strings: [JSONString]) -> Bool {
        zip(strings, strings.dropFirst()).allSatisfy { $0 < $1 }
    }

    private static func time(_ value: JSONValue) -> Timestamp? {
        value.text.flatMap { Timestamp(parsing: $0) }
    }

    private static func greatest<Value: Comparable>(
        _ ours: Value?, _ theirs: Value?
    ) -> JSONMergeChoice? {
        guard let ours, let theirs else { return nil }
        return ours < theirs ? .theirs : .ours
    }

    private static func least<Value: Comparable>(
        _ ours: Value?, _ theirs: Value?
    ) -> JSONMergeChoice? {
        guard let ours, let theirs else { return nil }
        return theirs < ours ? .theirs : .ours
    }
}

extension Collection {
    /// Whether its documents say when they were made and changed.
    fileprivate var hasTimes: Bool {
        self == .devices || self == .certificates || CratonFamily(self) != nil
    }
}

extension JSONValue {
    /// The strings of a list that holds nothing else.
    fileprivate var strings: [JSONString]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}
