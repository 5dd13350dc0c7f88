import JSON
import Registry
public import RegistryStore
public import StateStore

/// What `muster webhook` does, in the server or without one.
public struct WebhookWork: Sendable {
    /// What the socket knows it by.
    public static let word = "webhook"

    private let store: RegistryStore
    private let webhooks: WebhookStore

    public init(_ store: RegistryStore, _ webhooks: WebhookStore) {
        self.store = store
        self.webhooks = webhooks
    }

    /// Does what `{"do": "add", ...}` asks for: `add` with the body of the API, `list`, and with an
    /// `id` `remove`, `test`, and `delivery`, which tells what became of one.
    ///
    /// - Returns: JSON in the forms of the API; else a line that begins with `error: `.
    public func answer(_ request: String) async -> String {
        do {
            let body = try JSONValue(parsing: request, options: .document).object ?? [:]
            return String(decoding: try await done(body).compactBytes(), as: UTF8.self)
        } catch let error as any AnswerableError {
            return "error: \(error.explanation)"
        } catch {
            return "error: \(error)"
        }
    }

    private func done(_ body: JSONObject) async throws -> JSONValue {
        var body = body
        let work = body["do"]?.text
        body["do"] = nil
        switch work {
        case "add":
            let (endpoint, secret) = try await webhooks.add(
                try WebhookRequest(body, isNew: true), of: store)
            return endpoint.json(showing: secret)
        case "list": return ["webhooks": .array(try webhooks.endpoints().map(\.json))]
        case "remove":
            let endpoint = try webhooks.known(body["id"]?.text ?? "")
            try webhooks.remove(endpoint.id)
            return endpoint.json
        case "test":
            let endpoint = try webhooks.known(body["id"]?.text ?? "")
            guard endpoint.isEnabled else {
                throw NativeError.invalid("", "It is switched off; its page switches it on.")
            }
            return try webhooks.ping(endpoint).json
        case "delivery":
            let id = body["delivery"]?.text ?? ""
            return try webhooks.delivery(id, of: body["id"]?.text ?? "")?.json ?? .null
        default: throw NativeError.invalid("/do", "Must be add, list, remove or test.")
        }
    }
}

extension WebhookStore {
    /// Adds the endpoint that a request describes.
    ///
    /// - Throws: ``RegistryError/unknownRevision(_:)`` where it is to begin at a commit that the
    ///   registry does not have.
    func add(
        _ request: WebhookRequest, of store: RegistryStore
    ) async throws -> (WebhookEndpoint, WebhookSecret) {
        let secret = request.secret ?? WebhookSecret()
        var position = store.index.committed.commit
        switch request.since {
        case .start: position = nil
        case .after(let revision):
            // Refused here where the registry does not have it.
            _ = try await store.events(.after(revision), limit: 1)
            position = revision
        case nil: break
        }
        var endpoint = try add(
            url: request.url ?? "", description: request.description ?? "",
            collections: request.collections ?? [], secret: secret, position: position)
        if request.isEnabled == false {
            endpoint.setEnabled(false)
            try update(endpoint)
        }
        return (endpoint, secret)
    }

    /// Has a message sent that only says that the address works.
    func ping(_ endpoint: WebhookEndpoint) throws(StateError) -> WebhookDelivery {
        try enqueue(
            WebhookMessage.ping(endpoint, at: .now), type: WebhookMessage.ping, for: endpoint.id,
            reaching: nil)
    }
}
