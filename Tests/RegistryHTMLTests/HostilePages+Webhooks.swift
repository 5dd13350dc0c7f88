@testable import RegistryHTML

extension HostilePages {
    /// The pages of webhooks; ids, states and the names of collections are the server's own.
    var webhookPages: [(name: String, html: String)] {
        [
            ("webhook list", renderer.render(webhookList([row, row]), in: frame)),
            ("no webhooks", renderer.render(webhookList([]), in: frame)),
            ("webhook", renderer.render(webhook, in: frame)),
        ]
    }

    private var row: WebhookListPage.Row {
        WebhookListPage.Row(id: "wh_1", url: text, description: text, disabledReason: text)
    }

    private func webhookList(_ rows: [WebhookListPage.Row]) -> WebhookListPage {
        WebhookListPage(rows: rows, collections: ["devices"], done: text)
    }

    private var webhook: WebhookPage {
        let delivery = WebhookPage.Delivery(
            id: "msg_1", type: "ping", created: now, state: "pending", attempts: 1, outcome: text,
            nextAttempt: now)
        return WebhookPage(
            endpoint: row, collections: ["devices"], created: now,
            deliveries: [delivery, delivery],
            older: "msg_1", secret: text, done: text)
    }
}
