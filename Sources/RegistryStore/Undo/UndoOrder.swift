public import JSON
public import Registry

/// An undo as a command asks for it, of a running server or of a registry that nobody serves.
public struct UndoOrder: Sendable {
    public var request: UndoRequest
    /// Only tells what would be done.
    public var isTrial: Bool
    /// The tag of the preview that the person has seen.
    public var tag: String?
    public var author: Author
    public var message: String?

    public init(_ request: UndoRequest, isTrial: Bool, author: Author, message: String? = nil) {
        self.request = request
        self.isTrial = isTrial
        self.author = author
        self.message = message
    }

    var json: JSONValue {
        var object: JSONObject = [
            "trial": .bool(isTrial), "name": .text(author.name), "email": .text(author.email),
            "needed": .bool(request.takesNeeded), "choices": request.choices.json,
        ]
        switch request.subject {
        case .restore(let key, let at):
            object["collection"] = .text(key.collection.name)
            object["uid"] = .text(key.id.text)
            object["at"] = at.map { .text($0) }
        case .revert(let commit): object["commit"] = .text(commit)
        case .revertRange(let from, let to):
            object["from"] = .text(from)
            object["to"] = .text(to)
        }
        object["tag"] = tag.map { .text($0) }
        object["message"] = message.map { .text($0) }
        return .object(object)
    }

    init?(json: JSONValue) {
        let subject: UndoRequest.Subject
        if let commit = json["commit"]?.text {
            subject = .revert(commit: commit)
        } else if let from = json["from"]?.text, let to = json["to"]?.text {
            subject = .revertRange(from: from, to: to)
        } else if let name = json["collection"]?.text,
            let kind = DocumentKind.all.first(where: { $0.collection.name == name }),
            let id = json["uid"]?.text.flatMap({ DocumentID($0) })
        {
            subject = .restore(DocumentKey(kind.collection, id), at: json["at"]?.text)
        } else {
            return nil
        }
        guard let name = json["name"]?.text, let choices = MergeChoices(json: json["choices"] ?? [])
        else { return nil }
        request = UndoRequest(
            subject, takesNeeded: json["needed"]?.bool ?? false, choices: choices)
        isTrial = json["trial"]?.bool ?? true
        tag = json["tag"]?.text
        author = Author(name: name, email: json["email"]?.text ?? "")
        message = json["message"]?.text
    }
}

extension RegistryStore {
    /// Does what a command asks for.
    ///
    /// - Returns: the form of API answers.
    public nonisolated func perform(_ order: UndoOrder) async throws(RegistryError) -> JSONValue {
        if order.isTrial { return try await preview(of: order.request).json }
        return try await undo(
            order.request, seen: order.tag, by: order.author, body: order.message
        ).json
    }
}

extension MergeChoices {
    /// A list of `{"path", "pointer", "take"}`, and a word for all others.
    fileprivate var json: JSONValue {
        var list: [JSONValue] = places.map { place in
            [
                "path": .text(place.path), "pointer": place.pointer.map { .text($0) } ?? .null,
                "take": .text(place.side.rawValue),
            ]
        }
        if let all { list.append(.text(all.rawValue)) }
        return .array(list)
    }

    fileprivate init?(json: JSONValue) {
        self.init()
        for item in json.array ?? [] {
            if let side = item.text.flatMap({ MergeConflict.Side(rawValue: $0) }) {
                all = side
            } else if let path = item["path"]?.text,
                let side = item["take"]?.text.flatMap({ MergeConflict.Side(rawValue: $0) })
            {
                choose(side, at: path, item["pointer"]?.text)
            } else {
                return nil
            }
        }
    }
}
