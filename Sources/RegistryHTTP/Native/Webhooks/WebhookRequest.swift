import JSON
import Registry
import StateStore

/// What a body says about an endpoint of webhooks.
struct WebhookRequest: Sendable {
    private(set) var url: String?
    private(set) var description: String?
    private(set) var collections: [String]?
    private(set) var isEnabled: Bool?
    private(set) var secret: WebhookSecret?
    private(set) var since: EventStart?

    /// Where a new endpoint begins.
    enum EventStart: Sendable {
        case start
        case after(Revision)
    }

    /// Reads `{"url", "description", "collections", "enabled"}`, of a new one also `secret` and
    /// `since`.
    init(_ body: JSONObject, isNew: Bool) throws(NativeError) {
        var reader = BodyReader(body)
        if let text = try reader.text("url") {
            guard WebhookAddress(text) != nil else {
                throw reader.invalid("url", "Must be an http or https address without a user.")
            }
            url = text
        } else if isNew {
            throw reader.invalid("url", "Must be an http or https address.")
        }
        description = try reader.text("description")
        guard description.map({ $0.unicodeScalars.count <= 1_000 }) != false else {
            throw reader.invalid("description", "Must have at most 1000 characters.")
        }
        if let names = try reader.array("collections") {
            collections = try Self.collections(names, &reader)
        }
        isEnabled = try reader.bool("enabled")
        if isNew { try readStart(&reader) }
        try reader.finish()
    }

    private mutating func readStart(_ reader: inout BodyReader) throws(NativeError) {
        if let text = try reader.text("secret") {
            guard let secret = WebhookSecret(text) else {
                throw reader.invalid(
                    "secret", "Must be whsec_ and the base64 of 24 to 64 bytes.")
            }
            self.secret = secret
        }
        guard let text = try reader.text("since") else { return }
        if text == EventSelection.start {
            since = .start
        } else if let revision = Revision(hex: text) {
            since = .after(revision)
        } else {
            throw reader.invalid("since", "Must be a commit's 40 hex digits, or 'start'.")
        }
    }

    private static func collections(
        _ values: [JSONValue], _ reader: inout BodyReader
    ) throws(NativeError) -> [String] {
        let known = Collection.allCases.map(\.name)
        var names: [String] = []
        for value in values {
            guard let name = value.text, known.contains(name) else {
                throw reader.invalid(
                    "collections", "Must be of \(known.joined(separator: ", ")).")
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}
