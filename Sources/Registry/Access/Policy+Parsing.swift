internal import JSON

extension Policy {
    /// Reads the file; see the schema `policy.schema.json`.
    public init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        self.init(roles: [:])
        for (name, value) in try reader.optional("roles", "an object", { $0.object }) ?? [:] {
            let place = JSONPointer(tokens: ["roles", name])
            guard Self.isRoleName(name.description) else {
                throw InvalidDocument(
                    "The name of a role is 1 to 64 of a-z 0-9 . _ -, the first a letter or digit.",
                    at: place)
            }
            guard name != JSONString(Caller.adminRole) else {
                throw InvalidDocument(
                    "This role may do everything in every registry; nothing can be said of it.",
                    at: place)
            }
            roles[name.description] = try RoleRights(PolicyReader(value, at: place))
        }
        for (name, value) in try reader.optional("anonymous", "an object", { $0.object }) ?? [:] {
            let place = JSONPointer(tokens: ["anonymous", name])
            guard let door = AccessDoor(rawValue: name.description) else {
                let doors = AccessDoor.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidDocument("Must be one of \(doors).", at: place)
            }
            anonymous[door] = try AnonymousRights(PolicyReader(value, at: place), at: door)
        }
        let names: [JSONString] = ["require_message", "proposal_only"]
        let lists = try names.map {
            name throws(InvalidDocument) -> Set<PolicyPlace> in
            guard let list = try reader.optional(name, "a list", { $0 }) else { return [] }
            return try PolicyReader.places(list, at: JSONPointer(tokens: [name]))
        }
        (requireMessage, proposalOnly) = (lists[0], lists[1])
        allowsSelfApproval =
            try reader.optional("self_approval", "true or false") { $0.bool } ?? false
        annotations = try reader.optional("annotations", "an object", { $0.object }) ?? [:]
        try reader.finish()
    }

    /// Names of roles are spelled as those of accounts.
    private static func isRoleName(_ name: String) -> Bool { AccountName(name) != nil }

    /// The text of the file.
    public func canonicalBytes() -> [UInt8] {
        var object: JSONObject = [
            "roles": .object(
                JSONObject(
                    roles.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                        .map { (JSONString($0.key), $0.value.json) })),
            "anonymous": .object(
                JSONObject(
                    AccessDoor.allCases.compactMap { door in
                        anonymous[door].map { (JSONString(door.rawValue), $0.json) }
                    })),
            "require_message": requireMessage.json,
            "proposal_only": proposalOnly.json,
        ]
        if allowsSelfApproval { object["self_approval"] = .bool(true) }
        if !annotations.isEmpty { object["annotations"] = .object(annotations) }
        return JSONValue.object(object).canonicalBytes()
    }
}

extension RoleRights {
    fileprivate init(_ given: PolicyReader) throws(InvalidDocument) {
        var reader = given
        self.init()
        description = try reader.value("description").map { value throws(InvalidDocument) in
            guard let text = value.text else {
                throw reader.invalid("description", "Must be a string.")
            }
            return text
        }
        read = try reader.places("read")
        write = try reader.places("write")
        approve = try reader.places("approve")
        administer =
            try reader.value("administer").map { value throws(InvalidDocument) in
                guard let bool = value.bool else {
                    throw reader.invalid("administer", "Must be true or false.")
                }
                return bool
            } ?? false
        try reader.finish()
    }

    fileprivate var json: JSONValue {
        var object = JSONObject()
        if let description { object["description"] = .text(description) }
        for (name, places) in [("read", read), ("write", write), ("approve", approve)] {
            if !places.isEmpty { object[JSONString(name)] = places.json }
        }
        if administer { object["administer"] = .bool(true) }
        return .object(object)
    }
}

extension AnonymousRights {
    fileprivate init(_ given: PolicyReader, at door: AccessDoor) throws(InvalidDocument) {
        var reader = given
        guard let choice = reader.value("rights")?.text.flatMap(Choice.init(rawValue:)),
            door.choices.contains(choice)
        else {
            let choices = door.choices.map(\.rawValue).joined(separator: ", ")
            throw reader.invalid("rights", "Must be one of \(choices).")
        }
        self.init(choice)
        if let list = reader.value("networks") {
            networks = try reader.networks(list)
        }
        try reader.finish()
    }

    fileprivate var json: JSONValue {
        var object: JSONObject = ["rights": .text(choice.rawValue)]
        if let networks { object["networks"] = .array(networks.map { .text($0.description) }) }
        return .object(object)
    }
}

extension Set<PolicyPlace> {
    fileprivate var json: JSONValue {
        .array(map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .text($0) })
    }
}

/// Takes the members of an object within the policy, and refuses what nobody took.
private struct PolicyReader {
    private var rest: JSONObject
    private let place: JSONPointer

    init(_ value: JSONValue, at place: JSONPointer) throws(InvalidDocument) {
        guard let object = value.object else {
            throw InvalidDocument("Must be an object.", at: place)
        }
        rest = object
        self.place = place
    }

    mutating func value(_ name: JSONString) -> JSONValue? {
        defer { rest[name] = nil }
        return rest[name]
    }

    mutating func places(_ name: JSONString) throws(InvalidDocument) -> Set<PolicyPlace> {
        guard let list = value(name) else { return [] }
        let places = try Self.places(list, at: place.appending(name))
        if places.contains(where: { if case .file = $0 { true } else { false } }) {
            throw invalid(
                name,
                "\(Policy.guardedPaths.joined(separator: ", ")) are for those who administer.")
        }
        return places
    }

    static func places(
        _ value: JSONValue, at place: JSONPointer
    ) throws(InvalidDocument) -> Set<PolicyPlace> {
        guard let list = value.array else { throw InvalidDocument("Must be a list.", at: place) }
        var places: Set<PolicyPlace> = []
        for (index, entry) in list.enumerated() {
            guard let read = entry.text.flatMap({ PolicyPlace($0) }) else {
                throw InvalidDocument(
                    "Must be the name of a collection (devices), the beginning of several "
                        + "(variables/*), or *.",
                    at: place.appending(index))
            }
            places.insert(read)
        }
        return places
    }

    func networks(_ value: JSONValue) throws(InvalidDocument) -> [AddressBlock] {
        guard let list = value.array else { throw invalid("networks", "Must be a list.") }
        return try list.map { entry throws(InvalidDocument) in
            guard let block = entry.text.flatMap({ AddressBlock($0) }) else {
                throw invalid("networks", "Must be networks, such as 10.0.0.0/8 or fd00::/8.")
            }
            return block
        }
    }

    func finish() throws(InvalidDocument) {
        guard let name = rest.members.first?.name else { return }
        throw invalid(name, "There is no member of this name; free ones go to annotations.")
    }

    func invalid(_ name: JSONString, _ reason: String) -> InvalidDocument {
        InvalidDocument(reason, at: place.appending(name))
    }
}
