internal import JSON

extension Policy {
    /// Reads the file; see the schema `policy.schema.json`.
    public init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        self.init(roles: [:])
        for (name, value) in try reader.optional("roles", "an object", { $0.object }) ?? [:] {
            let place = JSONPointer(tokens: ["roles", name])
            guard Caller.isRoleName(name.description) else {
                throw InvalidDocument(
                    "The name of a role is 1 to 64 of a-z 0-9 . _ -, the first a letter or digit.",
                    at: place)
            }
            guard name != JSONString(Caller.adminRole) else {
                throw InvalidDocument(
                    "This role may do everything in every registry; nothing can be said of it.",
                    at: place)
            }
            roles[name.description] = try RoleRights(MemberReader(value, at: place))
        }
        for (name, value) in try reader.optional("anonymous", "an object", { $0.object }) ?? [:] {
            let place = JSONPointer(tokens: ["anonymous", name])
            guard let door = AccessDoor(rawValue: name.description) else {
                let doors = AccessDoor.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidDocument("Must be one of \(doors).", at: place)
            }
            anonymous[door] = try AnonymousRights(MemberReader(value, at: place), at: door)
        }
        requireMessage = try reader.places("require_message")
        proposalOnly = try reader.places("proposal_only")
        allowsSelfApproval =
            try reader.optional("self_approval", "true or false") { $0.bool } ?? false
        annotations = try reader.optional("annotations", "an object", { $0.object }) ?? [:]
        try reader.finish()
    }

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
    fileprivate init(_ given: MemberReader) throws(InvalidDocument) {
        var reader = given
        self.init()
        description = try reader.optional("description", "a string") { $0.text }
        read = try reader.collections("read")
        write = try reader.collections("write")
        approve = try reader.collections("approve")
        administer = try reader.optional("administer", "true or false") { $0.bool } ?? false
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
    fileprivate init(_ given: MemberReader, at door: AccessDoor) throws(InvalidDocument) {
        var reader = given
        let choices = "one of " + door.choices.map(\.rawValue).joined(separator: ", ")
        let choice = try reader.optional("rights", choices) { value in
            door.choices.first { $0.rawValue == value.text }
        }
        guard let choice else { throw reader.invalid("rights", "Must be \(choices).") }
        self.init(choice)
        networks = try reader.optional("networks", "a list") { $0.array }?
            .map { entry throws(InvalidDocument) in
                guard let block = entry.text.flatMap({ AddressBlock($0) }) else {
                    throw reader.invalid(
                        "networks", "Must be networks, such as 10.0.0.0/8 or fd00::/8.")
                }
                return block
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

extension MemberReader {
    /// What a role's right holds for.
    fileprivate mutating func collections(
        _ name: JSONString
    ) throws(InvalidDocument) -> Set<PolicyPlace> {
        let places = try places(name)
        if places.contains(where: { if case .file = $0 { true } else { false } }) {
            throw invalid(
                name,
                "\(Policy.guardedPaths.joined(separator: ", ")) are for those who administer.")
        }
        return places
    }

    fileprivate mutating func places(
        _ name: JSONString
    ) throws(InvalidDocument) -> Set<PolicyPlace> {
        let list = try optional(name, "a list") { $0.array } ?? []
        return try Set(
            list.enumerated().map { index, entry throws(InvalidDocument) in
                guard let place = entry.text.flatMap({ PolicyPlace($0) }) else {
                    throw InvalidDocument(
                        "Must be the name of a collection (devices), the beginning of several "
                            + "(variables/*), or *.",
                        at: pointer.appending(name).appending(index))
                }
                return place
            })
    }
}
