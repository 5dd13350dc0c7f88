import HTTPTypes
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    static let eventRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "events", followEvents,
            .init(
                .events, "Follows the commits of the served branch",
                details:
                    "Server-sent events (HTML, section 9.2), each commit once and in order; the id "
                    + "of an event is its commit, and `Last-Event-ID` goes on behind it. Clients whose "
                    + "`Accept` names JSON and no event stream get a list, and `next` to ask with.",
                parameters: [
                    .query(
                        "since", .either(.revision, .word(EventSelection.start)),
                        "The commit behind which to begin, `start` for the first of all; by default "
                            + "the newest."),
                    .query("collection", .collection, "Only changes there; may be repeated."),
                    .query("uid", .uid, "Only changes of documents of this uid."),
                    .query("documents", .bool, "Whether the documents come with their changes."),
                    .query(
                        "limit",
                        .integer.with("minimum", 1).with("maximum", 1_000).with("default", 100),
                        "How many commits a list covers."),
                    .header("Last-Event-ID", .text, "Goes before `since`."),
                ],
                answers: [
                    APIAnswer(
                        200, "The events.",
                        APIBody(
                            schemas: [
                                "application/json": .eventList, EventStream.contentType: .text,
                            ], isRequired: true))
                ],
                refusals: [
                    400: "A parameter makes no sense.", 404: "The registry has no such commit.",
                ]))
    ]
}

extension APITag {
    static let events = APITag(name: "events", description: "What changes, as it changes.")
}

extension APISchema {
    private static let documentChange = APISchema.named(
        "DocumentChange",
        .object([
            "collection": .collection, "uid": .uid,
            "change": .word("created", "changed", "removed", "moved"), "path": .text,
            "blob": APISchema.revision.orNull, "previous_blob": APISchema.revision.orNull,
            "document?": .any,
        ]))

    private static let commitEvent = APISchema.named(
        "CommitEvent",
        .object([
            "commit": .revision, "subject": .text, "author": .text, "email": .text, "date": .date,
            "body": .text, "previous": APISchema.revision.orNull,
            "changes": .list(of: documentChange), "other_paths": .list(of: .text),
            "part": .integer, "parts": .integer,
        ]))

    fileprivate static let eventList = APISchema.named(
        "EventList", .object(["events": .list(of: commitEvent), "next": .text]))
}
