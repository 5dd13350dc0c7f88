import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML
import RegistryStore
import StateStore

extension PagesDialect {
    private static let deliveriesPerPage = 50

    /// `/repository/webhooks`
    func webhookList(_ call: PageCall) async throws -> Response {
        let rows = try webhooks.endpoints().map(WebhookListPage.Row.init)
        let isRemoved = call.path.query.last(of: "removed") != nil
        let page = WebhookListPage(
            rows: rows, collections: Registry.Collection.allCases.map(\.name),
            done: isRemoved ? "The webhook is removed." : nil)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `POST /repository/webhooks`: its page has the secret, for the only time.
    func addWebhook(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let url = form.text("url")
        guard WebhookAddress(url) != nil else { throw WebhookFormError.address }
        let known = Registry.Collection.allCases.map(\.name)
        let secret = WebhookSecret()
        let endpoint = try webhooks.add(
            url: url, description: String(form.text("description").prefix(1_000)),
            collections: known.filter(form.values("collection").contains), secret: secret,
            position: services.store.index.committed.commit)
        return try await page(of: endpoint, secret: secret, done: "The webhook is added.", call)
    }

    /// `/repository/webhooks/<id>`
    func webhook(_ call: PageCall) async throws -> Response {
        try await page(of: try endpoint(call), secret: nil, done: nil, call)
    }

    /// `POST /repository/webhooks/<id>`: `do` is one of its buttons.
    func changeWebhook(_ call: PageCall, _ form: PageForm) async throws -> Response {
        var endpoint = try endpoint(call)
        switch form.text("do") {
        case "ping":
            _ = try webhooks.ping(endpoint)
        case "on", "off":
            endpoint.setEnabled(form.text("do") == "on")
            try webhooks.update(endpoint)
        case "secret":
            let secret = WebhookSecret()
            try webhooks.replaceSecret(of: endpoint.id, by: secret)
            return try await page(
                of: endpoint, secret: secret, done: "The old secret signs too for a day.", call)
        case "again":
            let id = form.text("delivery")
            guard try webhooks.sendAgain(id, of: endpoint.id) else {
                throw WebhookError.unknownDelivery(id)
            }
        case "remove":
            try webhooks.remove(endpoint.id)
            return call.seeOther("/repository/webhooks?removed=1")
        default: throw PageFormError.missing("What to do")
        }
        return call.seeOther("/repository/webhooks/\(endpoint.id)")
    }

    private func page(
        of endpoint: WebhookEndpoint, secret: WebhookSecret?, done: String?, _ call: PageCall
    ) async throws -> Response {
        let deliveries = try webhooks.deliveries(
            of: endpoint.id, before: call.path.query.last(of: "before"),
            limit: Self.deliveriesPerPage)
        let page = WebhookPage(
            endpoint: .init(endpoint), collections: endpoint.collections,
            created: Moment(endpoint.created),
            deliveries: deliveries.map(WebhookPage.Delivery.init),
            older: deliveries.count == Self.deliveriesPerPage ? deliveries.last?.id : nil,
            secret: secret?.text, done: done)
        var response = call.page(services.renderer.render(page, in: await call.frame()))
        if secret != nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private var webhooks: WebhookStore {
        get throws(WebhookError) { try services.webhookStore }
    }

    private func endpoint(_ call: PageCall) throws -> WebhookEndpoint {
        try webhooks.known(call.uidText)
    }
}

/// Why a form about webhooks was not taken.
private enum WebhookFormError: AnswerableError {
    case address

    var status: HTTPResponse.Status { .unprocessableContent }
    var explanation: String { "The address must be one of http or https, without a user." }
}

extension WebhookListPage.Row {
    fileprivate init(_ endpoint: WebhookEndpoint) {
        self.init(
            id: endpoint.id, url: endpoint.url, description: endpoint.description,
            disabledReason: endpoint.disabledReason)
    }
}

extension WebhookPage.Delivery {
    fileprivate init(_ delivery: WebhookDelivery) {
        let last = delivery.attempts.last
        self.init(
            id: delivery.id, type: delivery.type, created: Moment(delivery.created),
            state: delivery.state.rawValue, attempts: delivery.attempts.count,
            outcome: last.map { $0.error ?? "status \($0.status ?? 0) in \($0.milliseconds) ms" },
            nextAttempt: delivery.nextAttempt.map(Moment.init))
    }
}
