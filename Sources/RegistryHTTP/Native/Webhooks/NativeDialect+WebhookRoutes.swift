import HTTPTypes
import JSON
import Registry
import StateStore

extension NativeDialect {
    static let webhookRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "webhooks", listWebhooks,
            .init(.webhooks, "Lists webhooks", answers: [.ok(.webhookList)])),
        NativeRoute(
            .post, "webhooks", addWebhook,
            .init(
                .webhooks, "Adds a webhook",
                details:
                    "It is told of every commit after `since`, by default of those to come. The "
                    + "answer has the secret that its messages are signed with (Standard Webhooks), "
                    + "for the only time.",
                body: .json(.newWebhook), answers: [.created(.webhookWithSecret)],
                refusals: [404: "The registry has no commit `since`."])),
        NativeRoute(
            .get, "webhooks/<webhook>", showWebhook,
            .init(
                .webhooks, "Shows a webhook", answers: [.ok(.webhook)], refusals: noWebhook)),
        NativeRoute(
            .patch, "webhooks/<webhook>", changeWebhook,
            .init(
                .webhooks, "Changes a webhook, or switches it on or off",
                body: .json(.webhookChange), answers: [.ok(.webhook)], refusals: noWebhook)),
        NativeRoute(
            .delete, "webhooks/<webhook>", removeWebhook,
            .init(
                .webhooks, "Removes a webhook and its log", answers: [APIAnswer(204, "Gone.")],
                refusals: noWebhook)),
        NativeRoute(
            .post, "webhooks/<webhook>/ping", pingWebhook,
            .init(
                .webhooks, "Sends a message that only says that the address works",
                body: .json(.nothing, isRequired: false),
                answers: [.accepted(.delivery, "It is sent.")], refusals: noWebhook)),
        NativeRoute(
            .post, "webhooks/<webhook>/secret", renewWebhookSecret,
            .init(
                .webhooks, "Gives a webhook a new secret",
                details: "The old one signs too for a day.",
                body: .json(.nothing, isRequired: false),
                answers: [.ok(.object(["id": .text, "secret": .text]))], refusals: noWebhook)),
        NativeRoute(
            .get, "webhooks/<webhook>/deliveries", listDeliveries,
            .init(
                .webhooks, "Lists what was sent, newest first",
                details: "`Link` (RFC 8288) has the next page.",
                parameters: [.query("before", .text, "Only those older than this delivery.")],
                answers: [.ok(.object(["deliveries": .list(of: .delivery)]))],
                refusals: noWebhook)),
        NativeRoute(
            .get, "webhooks/<webhook>/deliveries/<delivery>", showDelivery,
            .init(
                .webhooks, "Shows a delivery with its message",
                answers: [.ok(.deliveryWithMessage)], refusals: noDelivery)),
        NativeRoute(
            .post, "webhooks/<webhook>/deliveries/<delivery>/redeliver", redeliver,
            .init(
                .webhooks, "Sends a message again", body: .json(.nothing, isRequired: false),
                answers: [.accepted(.delivery, "It is sent.")], refusals: noDelivery)),
    ]

    private static let noWebhook: KeyValuePairs<Int, String> = [404: "There is no such webhook."]
    private static let noDelivery: KeyValuePairs<Int, String> = [
        404: "There is no such webhook, or no such delivery in its log."
    ]
}

extension APITag {
    static let webhooks = APITag(
        name: "webhooks", description: "Others that are told of what changes.")
}

extension APISchema {
    fileprivate static let nothing = APISchema.object([:])

    fileprivate static let webhook = APISchema.named("Webhook", .object(webhookMembers))

    private static let webhookMembers: KeyValuePairs<String, APISchema> = [
        "id": .text, "url": .text, "description": .text, "collections": .list(of: .collection),
        "enabled": .bool, "disabled_reason": APISchema.text.orNull, "created": .date,
        "position": APISchema.revision.orNull,
    ]

    fileprivate static let webhookWithSecret = APISchema.named(
        "NewWebhookAnswer",
        .object([
            "id": .text, "url": .text, "description": .text,
            "collections": .list(of: .collection), "enabled": .bool,
            "disabled_reason": APISchema.text.orNull, "created": .date,
            "position": APISchema.revision.orNull, "secret": .text,
        ]))

    fileprivate static let webhookList = APISchema.named(
        "WebhookList", .object(["webhooks": .list(of: webhook), "total": .count]))

    private static let description = APISchema.text.with("maxLength", 1_000)

    fileprivate static let newWebhook = APISchema.named(
        "NewWebhook",
        .object([
            "url": .text, "description?": description, "collections?": .list(of: .collection),
            "enabled?": .bool,
            "secret?": .text.described("`whsec_` and the base64 of 24 to 64 bytes."),
            "since?": .either(.revision, .word(EventSelection.start)),
        ]))

    fileprivate static let webhookChange = APISchema.named(
        "WebhookChange",
        .object([
            "url?": .text, "description?": description, "collections?": .list(of: .collection),
            "enabled?": .bool,
        ]))

    private static let attempt = APISchema.object([
        "date": .date, "status": APISchema.integer.orNull, "error": APISchema.text.orNull,
        "milliseconds": .count,
    ])

    private static let state = APISchema.word(among: WebhookDelivery.State.allCases.map(\.rawValue))

    fileprivate static let delivery = APISchema.named(
        "Delivery",
        .object([
            "id": .text, "type": .text, "created": .date, "state": state,
            "next_attempt": APISchema.date.orNull, "attempts": .list(of: attempt),
        ]))

    fileprivate static let deliveryWithMessage = APISchema.named(
        "DeliveryWithMessage",
        .object([
            "id": .text, "type": .text, "created": .date, "state": state,
            "next_attempt": APISchema.date.orNull, "attempts": .list(of: attempt),
            "payload": .any,
        ]))
}
