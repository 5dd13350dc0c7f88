import JSON
import Registry
import RegistryStore

extension CommitEvent {
    /// So many changes are in one message at most.
    static let changesPerPart = 1_000

    /// The event as messages of at most ``changesPerPart`` changes, at least one:
    /// `{"commit", "subject", "author", "email", "date", "body", "previous", "changes", "other_paths",
    /// "part", "parts"}`.
    ///
    /// - Parameter contents: what documents hold now, by their blob, as far as that is asked for.
    func parts(
        of changes: [Change], contents: [Revision: JSONValue] = [:]
    ) -> [JSONValue] {
        let count = max(1, (changes.count + Self.changesPerPart - 1) / Self.changesPerPart)
        return (0..<count).map { part in
            let first = part * Self.changesPerPart
            let some = changes[first..<min(first + Self.changesPerPart, changes.count)]
            var object = head
            object["changes"] = .array(
                some.map { $0.json(content: $0.blob.flatMap { contents[$0] }) })
            object["other_paths"] = .array(part == 0 ? otherPaths.map { .text($0) } : [])
            object["part"] = .number(JSONNumber(part + 1))
            object["parts"] = .number(JSONNumber(count))
            return .object(object)
        }
    }

    private var head: JSONObject {
        var object = commit.json.object ?? [:]
        object["body"] = .text(commit.body)
        object["previous"] = previous.map { .text("\($0)") } ?? .null
        return object
    }
}

extension CommitEvent.Change {
    /// `{"collection", "uid", "change", "path", "blob", "previous_blob"}`, and the `document`.
    func json(content: JSONValue?) -> JSONValue {
        var object: JSONObject = [
            "collection": .text(key.collection.name), "uid": .text(key.id.text),
            "change": .text(kind.rawValue), "path": .text(path),
        ]
        object["blob"] = blob.map { .text("\($0)") } ?? .null
        object["previous_blob"] = previousBlob.map { .text("\($0)") } ?? .null
        if let content { object["document"] = content }
        return .object(object)
    }
}
