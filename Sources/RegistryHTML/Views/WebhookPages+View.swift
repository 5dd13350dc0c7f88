extension WebhookListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Webhooks", place: .repository, here: "Webhooks")
        view["done"] = .optional(done)
        view["hasRows"] = .flag(!rows.isEmpty)
        view["rows"] = .list(rows.map { $0.view(links) })
        view["addHref"] = .text(links.webhooks)
        view["collections"] = .list(collections.map { ["name": .text($0)] })
        return view
    }
}

extension WebhookListPage.Row {
    fileprivate func view(_ links: Links) -> View {
        [
            "url": .text(url), "description": .nonEmpty(description),
            "href": .text(links.webhook(id)), "id": .text(id),
            "isOn": .flag(disabledReason == nil), "disabled": .optional(disabledReason),
        ]
    }
}

extension WebhookPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(
            title: "Webhook", place: .repository, by: [("Webhooks", links.webhooks)],
            here: endpoint.id)
        view["endpoint"] = .view(endpoint.view(links))
        view["created"] = .view(created.view(now: frame.now))
        view["hasCollections"] = .flag(!collections.isEmpty)
        view["collections"] = .list(collections.map { ["name": .text($0)] })
        view["secret"] = .optional(secret)
        view["done"] = .optional(done)
        view["actHref"] = .text(links.webhook(endpoint.id))
        view["hasDeliveries"] = .flag(!deliveries.isEmpty)
        view["deliveries"] = .list(deliveries.map { $0.view(now: frame.now) })
        view["olderHref"] = .optional(
            older.map { links.webhook(endpoint.id, [(name: "before", value: $0)]) })
        return view
    }
}

extension WebhookPage.Delivery {
    fileprivate func view(now: Moment) -> View {
        [
            "id": .text(id), "type": .text(type), "state": .text(state),
            // The colours of certificates mean the same.
            "colour": .text(
                ["pending": "pending", "delivered": "signed", "failed": "denied"][state] ?? ""),
            "created": .view(created.view(now: now)), "attempts": .text(Quantity.grouped(attempts)),
            "outcome": .optional(outcome), "next": .optional(nextAttempt?.view(now: now)),
        ]
    }
}
