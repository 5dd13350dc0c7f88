internal import JSON
public import Registry

/// What a reshard has done, or would do.
public struct Resharding: Hashable, Sendable {
    /// One collection and where its files go.
    public struct Part: Hashable, Sendable {
        public let collection: String
        /// The fan-out that it gets.
        public let depth: Int
        /// How many files move there.
        public let files: Int
    }

    public var parts: [Part]
    /// nil where nothing had to be done, or nothing was to be done yet.
    public var commit: Revision?

    var subject: String {
        parts.map { "\($0.collection): move \($0.files) files to fan-out \($0.depth)" }
            .joined(separator: ", ")
    }
}

extension Resharding {
    /// As it goes through the server's socket: `{"parts": [{"collection", "depth", "files"}], "commit"}`.
    var json: JSONValue {
        var object = JSONObject()
        object["parts"] = .array(
            parts.map { part in
                var item = JSONObject()
                item["collection"] = .text(part.collection)
                item["depth"] = .number(JSONNumber(part.depth))
                item["files"] = .number(JSONNumber(part.files))
                return .object(item)
            })
        object["commit"] = commit.map { .text($0.description) } ?? .null
        return .object(object)
    }

    init?(_ json: JSONValue) {
        parts = (json["parts"]?.array ?? []).compactMap { item in
            guard let collection = item["collection"]?.text, let depth = item["depth"]?.int,
                let files = item["files"]?.int
            else { return nil }
            return Part(collection: collection, depth: depth, files: files)
        }
        commit = json["commit"]?.text.flatMap { Revision(hex: $0) }
        guard parts.count == json["parts"]?.array?.count else { return nil }
    }
}
