import JSON
import Registry

/// One change that a body asks for.
struct RequestedChange: Sendable {
    private enum Work: Sendable {
        /// A merge patch (RFC 7396).
        case patch(JSONValue)
        /// The whole document, as JSON or as text.
        case replace([UInt8])
        case remove
    }

    private let key: DocumentKey
    private let work: Work

    /// Reads `{"collection", "uid"}` with one of `patch`, `document`, `text` and `remove`.
    init(_ value: JSONValue, at place: String) throws(NativeError) {
        guard let object = value.object else { throw .invalid(place, "Must be an object.") }
        var reader = BodyReader(object, at: place)
        let names = Collection.allCases.map(\.name).joined(separator: ", ")
        guard let name = try reader.text("collection"),
            let collection = Collection.allCases.first(where: { $0.name == name })
        else { throw reader.invalid("collection", "Must be one of \(names).") }
        guard let id = try reader.text("uid").flatMap({ DocumentID($0) }) else {
            throw reader.invalid("uid", "Must be the uid of a document.")
        }
        key = DocumentKey(collection, id)
        let patch = reader.value("patch")
        let document = reader.value("document")
        let text = try reader.text("text")
        let removes = try reader.bool("remove") ?? false
        try reader.finish()
        switch (patch, document, text, removes) {
        case (let patch?, nil, nil, false): work = .patch(patch)
        case (nil, let document?, nil, false): work = .replace(document.canonicalBytes())
        case (nil, nil, let text?, false): work = .replace(Array(text.utf8))
        case (nil, nil, nil, true): work = .remove
        default:
            throw .invalid(place, "Must hold one of patch, document, text and remove: true.")
        }
    }

    /// What it means for the registry as it is.
    func change(in snapshot: Snapshot) throws(RegistryError) -> Change {
        switch work {
        case .remove:
            guard snapshot[key] != nil else { throw .unknown(key) }
            return .remove(key)
        case .replace(let bytes): return .put(try prepared(bytes))
        case .patch(let patch):
            guard let stored = snapshot[key] else { throw .unknown(key) }
            guard let value = try? JSONValue(parsing: stored.bytes, options: .document) else {
                throw .invalid(
                    key, InvalidDocument("Only JSON takes a patch; send the whole text instead."))
            }
            return .put(try prepared(value.mergePatched(with: patch).canonicalBytes()))
        }
    }

    /// What several of them mean, each seeing what those before it did.
    static func changes(
        _ requested: [RequestedChange], in snapshot: Snapshot
    ) throws(RegistryError) -> [Change] {
        var next = snapshot
        var last: [DocumentKey: Change] = [:]
        for one in requested {
            let change = try one.change(in: next)
            for file in next.fileChanges(for: [change]) {
                if let document = file.document {
                    next.put(path: file.path, document, isCommitted: false)
                } else {
                    next.remove(path: file.path)
                }
            }
            last[change.key] = change
        }
        // What was not there before need not be removed.
        return last.values.filter { change in
            if case .remove(let key) = change { snapshot[key] != nil } else { true }
        }.sorted { $0.key < $1.key }
    }

    private func prepared(_ bytes: [UInt8]) throws(RegistryError) -> PreparedDocument {
        do throws(InvalidDocument) {
            return try PreparedDocument(key, bytes: bytes)
        } catch {
            throw .invalid(key, error)
        }
    }

    /// `devices/robot-1: change`, or how many there are.
    static func subject(of changes: [RequestedChange]) -> String {
        guard let first = changes.first else { return "change" }
        let verb = if case .remove = first.work { "remove" } else { "change" }
        return changes.count == 1
            ? "\(first.key): \(verb)" : "\(first.key) and \(changes.count - 1) more: \(verb)"
    }
}
