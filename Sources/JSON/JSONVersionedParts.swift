/// The members of an object, or the elements of a list, in three versions.
///
/// A key says which parts are the same: the name of a member, the identity of an element.
struct JSONVersionedParts {
    let isObject: Bool
    /// The keys of ours and theirs, in the order of the result.
    let keys: [JSONValue]
    private let base: KeyedParts
    private let ours: KeyedParts
    private let theirs: KeyedParts

    init(base: JSONObject?, ours: JSONObject, theirs: JSONObject) {
        self.init(
            isObject: true, base: KeyedParts(base ?? JSONObject()), ours: KeyedParts(ours),
            theirs: KeyedParts(theirs))
    }

    /// Nil when the lists cannot be told apart by `identity`.
    init?(
        base: [JSONValue], ours: [JSONValue], theirs: [JSONValue], identity: JSONListIdentity
    ) {
        func keyed(by key: (JSONValue) -> JSONValue?) -> JSONVersionedParts? {
            guard let base = KeyedParts(base, key: key), let ours = KeyedParts(ours, key: key),
                let theirs = KeyedParts(theirs, key: key)
            else { return nil }
            return JSONVersionedParts(isObject: false, base: base, ours: ours, theirs: theirs)
        }

        let parts: JSONVersionedParts? =
            switch identity {
            case .whole: nil
            case .set: keyed { $0 }
            case .byMember(let name): keyed { $0[name] }
            case .automatic:
                keyed { $0.string.map(JSONValue.string) }
                    ?? keyed { scalar($0["uid"]) } ?? keyed { scalar($0["id"]) }
            }
        guard let parts else { return nil }
        self = parts
    }

    private init(isObject: Bool, base: KeyedParts, ours: KeyedParts, theirs: KeyedParts) {
        self.isObject = isObject
        self.base = base
        self.ours = ours
        self.theirs = theirs
        let onlyTheyMoved = ours.keepsOrder(of: base) && !theirs.keepsOrder(of: base)
        keys = onlyTheyMoved ? theirs.keys(joinedBy: ours) : ours.keys(joinedBy: theirs)
    }

    func versions(of key: JSONValue) -> JSONVersions {
        JSONVersions(base: base[key], ours: ours[key], theirs: theirs[key])
    }

    /// The name, or the index in ours, or else in theirs.
    func token(of key: JSONValue) -> JSONString {
        if isObject, let name = key.string { return name }
        return JSONString(String(ours.positions[key] ?? theirs.positions[key] ?? 0))
    }
}

/// The parts of one version.
private struct KeyedParts {
    private(set) var keys: [JSONValue] = []
    private(set) var positions: [JSONValue: Int] = [:]
    private let values: [JSONValue]

    init(_ object: JSONObject) {
        values = object.members.map(\.value)
        keys = object.members.map { .string($0.name) }
        for (position, key) in keys.enumerated() { positions[key] = position }
    }

    /// Nil when an element has no key, or two have the same.
    init?(_ elements: [JSONValue], key: (JSONValue) -> JSONValue?) {
        values = elements
        for (position, element) in elements.enumerated() {
            guard let key = key(element) else { return nil }
            guard positions.updateValue(position, forKey: key) == nil else { return nil }
            keys.append(key)
        }
    }

    subscript(key: JSONValue) -> JSONValue? { positions[key].map { values[$0] } }

    func contains(_ key: JSONValue) -> Bool { positions[key] != nil }

    func keepsOrder(of base: KeyedParts) -> Bool {
        keys.lazy.filter(base.contains).elementsEqual(base.keys.lazy.filter(contains))
    }

    /// These keys, and those that only `other` has behind the common key that they follow there.
    func keys(joinedBy other: KeyedParts) -> [JSONValue] {
        var followers: [JSONValue?: [JSONValue]] = [:]
        var anchor: JSONValue?
        for key in other.keys {
            if contains(key) { anchor = key } else { followers[anchor, default: []].append(key) }
        }
        var joined: [JSONValue] = []
        anchor = nil
        for key in keys {
            if other.contains(key) {
                joined += followers[anchor] ?? []
                anchor = key
            }
            joined.append(key)
        }
        return joined + (followers[anchor] ?? [])
    }
}

/// A string or a number, which can be an identity.
private func scalar(_ value: JSONValue?) -> JSONValue? {
    switch value {
    case .string, .number: value
    default: nil
    }
}
