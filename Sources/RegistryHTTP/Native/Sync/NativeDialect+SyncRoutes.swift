import HTTPTypes
import JSON
import Registry

extension NativeDialect {
    static let syncRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "sync", showSync,
            .init(
                .sync, "Shows how the registry is to its upstream", answers: [.ok(.syncStatus)])),
        NativeRoute(
            .post, "sync", syncNow,
            .init(
                .sync, "Goes to the upstream now, and answers when that is done",
                body: .json(.syncChoices, isRequired: false), answers: [.ok(.syncStatus)],
                refusals: [409: "The registry has no upstream."])),
        NativeRoute(
            .post, "upstream/webhook", receiveWebhook,
            .init(
                .sync, "Takes the webhook of the upstream's host",
                details: "GitHub, GitLab, Gitea and Forgejo, signed with the webhook secret.",
                body: .json(.anyObject),
                answers: [
                    .ok(.webhookAnswer, "The host tries the address."),
                    .accepted(.webhookAnswer, "Heard."),
                ],
                refusals: [
                    401: "It is not signed with the webhook secret.",
                    409: "The registry has no upstream.", 503: "The server has no webhook secret.",
                ])),
    ]
}

extension APITag {
    static let sync = APITag(
        name: "sync", description: "The upstream repository, where people review pull requests.")
}

extension APISchema {
    private static let upstreamProblem = APISchema.object([
        "path": .text, "pointer": APISchema.pointer.orNull, "line": APISchema.integer.orNull,
        "reason": .text,
    ])

    private static let linked = APISchema.named(
        "SyncStatus",
        .object([
            "upstream": .text, "branch": .text, "running": .bool, "ahead": count.orNull,
            "behind": count.orNull, "last_sync": date.orNull, "last_error": text.orNull,
            "failures": .count, "next_try": date.orNull, "conflicts": .list(of: .conflict),
            "problems": .list(of: upstreamProblem),
            "rewound": object(["from": .revision, "to": .revision, "at": .date]).orNull,
        ]))

    fileprivate static let syncStatus = either(
        linked, .object(["upstream": APISchema(["type": "null"])]))

    fileprivate static let syncChoices = APISchema.named(
        "SyncChoices", .object(["choices?": .list(of: .choice)]))

    fileprivate static let webhookAnswer = APISchema.object([
        "status": .word("sync", "pong", "ignored")
    ])
}
