import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore
import StateStore

extension NativeDialect {
    private static let deliveriesPerPage = 100

    /// `GET webhooks`
    func listWebhooks(_ call: NativeCall) async throws -> Response {
        let endpoints = try webhooks.endpoints()
        return call.answer(
            [
                "webhooks": .array(endpoints.map(\.json)),
                "total": .number(JSONNumber(endpoints.count)),
            ], headers: [.cacheControl: "no-store"])
    }

    /// `POST webhooks`: `{"url", "description", "collections", "secret", "since"}`; the answer has the
    /// secret, for the only time.
    func addWebhook(_ call: NativeCall) async throws -> Response {
        let request = try WebhookRequest(try await call.body(), isNew: true)
        let (endpoint, secret) = try await webhooks.add(request, of: services.store)
        return call.answer(
            endpoint.json(showing: secret), status: .created,
            headers: [
                .location: call.location("webhooks/\(endpoint.id)"), .cacheControl: "no-store",
            ])
    }

    /// `GET webhooks/<webhook>`
    func showWebhook(_ call: NativeCall) async throws -> Response {
        call.answer(try webhook(call).json, headers: [.cacheControl: "no-store"])
    }

    /// `PATCH webhooks/<webhook>`: another address, or on and off.
    func changeWebhook(_ call: NativeCall) async throws -> Response {
        let request = try WebhookRequest(try await call.body(), isNew: false)
        var endpoint = try webhook(call)
        endpoint.url = request.url ?? endpoint.url
        endpoint.description = request.description ?? endpoint.description
        endpoint.collections = request.collections ?? endpoint.collections
        if let isEnabled = request.isEnabled { endpoint.setEnabled(isEnabled) }
        try webhooks.update(endpoint)
        return call.answer(endpoint.json)
    }

    /// `DELETE webhooks/<webhook>`
    func removeWebhook(_ call: NativeCall) async throws -> Response {
        try call.context.requireWritable()
        try webhooks.remove(try webhook(call).id)
        return .empty(.noContent)
    }

    /// `POST webhooks/<webhook>/ping`: a message that only says that the address works.
    func pingWebhook(_ call: NativeCall) async throws -> Response {
        try BodyReader(try await call.body()).finish()
        let endpoint = try webhook(call)
        let delivery = try webhooks.ping(endpoint)
        return call.answer(delivery.json, status: .accepted)
    }

    /// `POST webhooks/<webhook>/secret`: a new secret; the old one signs too for a day.
    func renewWebhookSecret(_ call: NativeCall) async throws -> Response {
        try BodyReader(try await call.body()).finish()
        let endpoint = try webhook(call)
        let secret = WebhookSecret()
        try webhooks.replaceSecret(of: endpoint.id, by: secret)
        return call.answer(
            ["id": .text(endpoint.id), "secret": .text(secret.text)],
            headers: [.cacheControl: "no-store"])
    }

    /// `GET webhooks/<webhook>/deliveries?before=<id>`: newest first.
    func listDeliveries(_ call: NativeCall) async throws -> Response {
        let endpoint = try webhook(call)
        let deliveries = try webhooks.deliveries(
            of: endpoint.id, before: call.path.query.last(of: "before"),
            limit: Self.deliveriesPerPage)
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if deliveries.count == Self.deliveriesPerPage, let last = deliveries.last {
            let next = call.location("webhooks/\(endpoint.id)/deliveries?before=\(last.id)")
            headers[.link] = "<\(next)>; rel=\"next\""
        }
        return call.answer(["deliveries": .array(deliveries.map(\.json))], headers: headers)
    }

    /// `GET webhooks/<webhook>/deliveries/<delivery>`: with the message.
    func showDelivery(_ call: NativeCall) async throws -> Response {
        let delivery = try delivery(call)
        var object = delivery.json.object ?? [:]
        object["payload"] = (try? JSONValue(parsing: delivery.payload, options: .document)) ?? .null
        return call.answer(.object(object), headers: [.cacheControl: "no-store"])
    }

    /// `POST webhooks/<webhook>/deliveries/<delivery>/redeliver`
    func redeliver(_ call: NativeCall) async throws -> Response {
        try BodyReader(try await call.body()).finish()
        let delivery = try delivery(call)
        _ = try webhooks.sendAgain(delivery.id, of: delivery.endpoint)
        return call.answer(try self.delivery(call).json, status: .accepted)
    }

    private var webhooks: WebhookStore {
        get throws(WebhookError) { try services.webhookStore }
    }

    private func webhook(_ call: NativeCall) throws -> WebhookEndpoint {
        try webhooks.known(call.values["webhook"] ?? "")
    }

    private func delivery(_ call: NativeCall) throws -> WebhookDelivery {
        let endpoint = try webhook(call)
        let id = call.values["delivery"] ?? ""
        guard let delivery = try webhooks.delivery(id, of: endpoint.id) else {
            throw WebhookError.unknownDelivery(id)
        }
        return delivery
    }
}
