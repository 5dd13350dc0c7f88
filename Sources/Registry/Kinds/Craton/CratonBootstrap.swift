internal import JSON

/// The first projects and users, from a file: they cannot be made by the API, which asks for them.
///
/// `{"projects": [{"id", "name"}], "users": [{"project_id", "username", "api_key", "is_root",
/// "is_admin"}]}`
public struct CratonBootstrap: Sendable {
    /// A user of the file, with the key that is to work.
    public struct User: Sendable {
        public let project: DocumentID
        public let name: String
        public let key: String
        let isAdmin: Bool
        let isRoot: Bool
    }

    private let projects: [(id: DocumentID, name: String)]
    public let users: [User]

    /// Reads the file.
    ///
    /// - Throws: the place of what is missing or wrong.
    public init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        let value = try JSONValue(document: bytes)
        var projects: [(id: DocumentID, name: String)] = []
        for (place, entry) in try Self.entries("projects", of: value) {
            projects.append(
                (try Self.uuid("id", entry, place), try Self.text("name", entry, place)))
        }
        var users: [User] = []
        for (place, entry) in try Self.entries("users", of: value) {
            users.append(
                User(
                    project: try Self.uuid("project_id", entry, place),
                    name: try Self.text("username", entry, place),
                    key: try Self.text("api_key", entry, place),
                    isAdmin: entry["is_admin"]?.bool ?? false,
                    isRoot: entry["is_root"]?.bool ?? false))
        }
        self.projects = projects
        self.users = users
    }

    private static func entries(
        _ name: JSONString, of value: JSONValue
    ) throws(InvalidDocument) -> [(JSONPointer, JSONValue)] {
        let place = JSONPointer(tokens: [name])
        guard let entries = (value[name] ?? []).array else {
            throw InvalidDocument("Must be a list.", at: place)
        }
        return entries.enumerated().map { (place.appending($0.offset), $0.element) }
    }

    private static func text(
        _ name: JSONString, _ entry: JSONValue, _ place: JSONPointer
    ) throws(InvalidDocument) -> String {
        guard let text = entry[name]?.storableText, !text.isEmpty, text.unicodeScalars.count <= 255
        else {
            throw InvalidDocument(
                "Must be a text of 1 to 255 characters.", at: place.appending(name))
        }
        return text
    }

    private static func uuid(
        _ name: JSONString, _ entry: JSONValue, _ place: JSONPointer
    ) throws(InvalidDocument) -> DocumentID {
        guard let id = entry[name]?.text.flatMap({ canonicalUUID($0) }).flatMap({ DocumentID($0) })
        else { throw InvalidDocument("Must be a UUID.", at: place.appending(name)) }
        return id
    }

    /// What makes the registry hold them; nothing where it does.
    ///
    /// - Returns: the uid of each user, in the order of ``users``.
    public func decide(
        on snapshot: Snapshot, now: Timestamp, numbers: any CratonNumbers
    ) throws(RegistryError) -> Edit<[DocumentID]> {
        var changes: [Change] = []
        for project in projects {
            let key = DocumentKey(.cratonProjects, project.id)
            let old = (snapshot[key]?.content as? CratonResource)?.value
            var value = old ?? ["created_at": .text(now.description)]
            value["uid"] = .text(project.id.text)
            value["name"] = .text(project.name)
            if value != old { changes.append(try Self.put(key, value, .project)) }
        }
        var ids: [DocumentID] = []
        for user in users {
            let owner = DocumentKey(.cratonProjects, user.project)
            guard snapshot[owner] != nil || projects.contains(where: { $0.id == user.project })
            else { throw .unknown(owner) }
            let known = snapshot.cratonCallers(user.name, in: user.project.text).first?.user
            let id = known ?? Self.freeID(user, ids, snapshot)
            ids.append(id)
            let key = DocumentKey(.cratonUsers, id)
            let old = (snapshot[key]?.content as? CratonResource)?.value
            var value = old ?? ["created_at": .text(now.description)]
            value["uid"] = .text(id.text)
            value["username"] = .text(user.name)
            value["project"] = .text(user.project.text)
            value["is_admin"] = .bool(user.isAdmin)
            value["is_root"] = user.isRoot ? .bool(true) : nil
            if value["craton"]?["id"] == nil {
                let highest = snapshot.craton.aliases.highest(.user)
                let number = try numbers.next(.user, above: highest)
                value["craton"] = ["id": .number(JSONNumber(number))]
            }
            if !value.hasSameMembers(as: old) { changes.append(try Self.put(key, value, .user)) }
        }
        return Edit(changes, subject: "craton: first projects and users", answer: ids)
    }

    private static func put(
        _ key: DocumentKey, _ value: JSONObject, _ family: CratonFamily
    ) throws(RegistryError) -> Change {
        do throws(InvalidDocument) {
            let bytes = CratonResource.bytes(value, family)
            return .put(try PreparedDocument(key, bytes: bytes))
        } catch {
            throw .invalid(key, error)
        }
    }

    private static func freeID(
        _ user: User, _ taken: [DocumentID], _ snapshot: Snapshot
    ) -> DocumentID {
        let names = [user.name, "\(user.name).\(user.project.text.prefix(8))"]
        let free = names.compactMap { DocumentID($0) }.first { id in
            snapshot[DocumentKey(.cratonUsers, id)] == nil && !taken.contains(id)
        }
        return free ?? DocumentID("user.\(user.project.text).\(taken.count)") ?? user.project
    }
}

extension JSONObject {
    /// Equal, whatever the order of members.
    fileprivate func hasSameMembers(as other: JSONObject?) -> Bool {
        other.map { JSONValue.object(self).isEquivalent(to: .object($0)) } ?? false
    }
}
