import HTTPTypes
import JSON
import Registry

extension NativeDialect {
    static let historyRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "history", listHistory,
            .init(
                .history, "Lists the commits of the served branch, newest first",
                details: historyDetails,
                parameters: [
                    .query(
                        "collection", .collection, "Only what changed documents of this folder."),
                    .query(
                        "path", .text, "Only what changed this file; a document wherever it was."),
                ] + historyParameters,
                answers: [.ok(.historyPage), .notModified],
                refusals: historyRefusals)),
        NativeRoute(
            .get, "documents/<collection>/<uid>/history", showDocumentHistory,
            .init(
                .history, "Lists the commits that changed a document, newest first",
                details: "Goes on through renames of its uid and moves of its file; a document "
                    + "that was deleted and came again has one history. \(historyDetails)",
                parameters: historyParameters, answers: [.ok(.historyPage), .notModified],
                refusals: historyRefusals)),
        NativeRoute(
            .get, "documents/<collection>/<uid>/blame", blameDocument,
            .init(
                .history, "Tells who set each field of a document, when, and in which commit",
                details: "Of rule files it tells so of each line.",
                answers: [.ok(.blame), .notModified],
                refusals: [404: "There is no such document."])),
        NativeRoute(
            .get, "commits/<id>", showCommit,
            .init(
                .history, "Shows a commit with what it changed, field by field",
                parameters: pageParameters(standard: 50),
                answers: [.ok(.commitDetails), .notModified], refusals: historyRefusals)),
        NativeRoute(
            .get, "compare", compareRevisions,
            .init(
                .history, "Compares two states of the registry, field by field",
                details: "A state is a commit, a branch, a tag, `HEAD`, `proposal:7` (merged "
                    + "into what is served), or a time: the newest served commit that is not later.",
                parameters: [
                    .query("from", .text, "The older state.", isRequired: true),
                    .query("to", .text.with("default", "HEAD"), "The newer state."),
                    .query("collection", .collection, "Only documents of this folder."),
                ] + pageParameters(standard: 20),
                answers: [.ok(.comparison), .notModified], refusals: historyRefusals)),
        NativeRoute(
            .get, "activity", showActivity,
            .init(
                .history, "Counts commits by day and by author",
                parameters: [
                    .query(
                        "days",
                        .integer.with("minimum", 1).with("maximum", 3_660).with("default", 365),
                        "How many days, UTC."),
                    .query("until", .date, "A time of the last day; now where it is missing."),
                    .query(
                        "people",
                        .integer.with("minimum", 1).with("maximum", 1_000).with("default", 20),
                        "How many authors are named."),
                ],
                answers: [.ok(.activity), .notModified])),
    ]

    private static let historyDetails =
        "`complete` is false while the index of the history is being made: then old commits may "
        + "be missing."

    private static let historyParameters: [APIParameter] =
        [
            .query("author", .text, "A name or an address, or a part of one."),
            .query("since", .date, "Only what came to be served then or later."),
            .query("until", .date, "Only what was served then already."),
            .query("diff", .bool, "Whether each change says what it did; of a document it does."),
        ] + pageParameters(standard: 20)

    private static func pageParameters(standard: Int) -> [APIParameter] {
        [
            .query(
                "limit",
                .integer.with("minimum", 1).with("maximum", 200)
                    .with("default", .number(JSONNumber(standard))), "How many."),
            .query("cursor", .text, "The `next` of the page before."),
        ]
    }

    private static let historyRefusals: KeyValuePairs<Int, String> = [
        404: "There is no such document or revision."
    ]
}

extension APITag {
    static let history = APITag(
        name: "history",
        description: "Who changed what and when: history, blame, comparison, activity.")
}

extension APISchema {
    private static let historyChange = APISchema.named(
        "HistoryChange",
        .object([
            "kind": .word("added", "changed", "removed", "moved", "renamed", "renamed_away"),
            "path": .text, "document?": .text.described("`devices/robot-1`"),
            "was?": .text.described("The document before it was renamed."),
            "became?": .text.described("The document since it was renamed."),
            "old": APISchema.revision.orNull, "new": APISchema.revision.orNull,
            "summary?": .text, "fields?": .list(of: .fieldChange), "more_fields?": .count,
            "diff?": .text.described("A unified diff without file names."),
        ]))

    private static let commitMembers: KeyValuePairs<String, APISchema> = [
        "commit": .revision, "subject": .text, "author": .text, "email": .text, "date": .date,
        "body": .text, "committer": .text, "committed": .date, "parents": .list(of: .revision),
        "changes": .list(of: historyChange), "change_count": .count,
    ]

    fileprivate static let historyPage = APISchema.named(
        "History",
        .object([
            "history": .list(of: .named("HistoryStep", .object(commitMembers))),
            "next": APISchema.text.orNull, "complete": .bool,
        ]))

    fileprivate static let commitDetails = APISchema.named(
        "CommitDetails",
        .object([
            "commit": .revision, "subject": .text, "author": .text, "email": .text,
            "date": .date, "body": .text, "committer": .text, "committed": .date,
            "parents": .list(of: .revision), "changes": .list(of: historyChange),
            "change_count": .count, "next": APISchema.text.orNull,
        ]))

    private static let comparedSide = APISchema.named(
        "ComparedState",
        .object([
            "name": .text, "commit": .revision, "subject": .text, "author": .text,
            "email": .text, "date": .date,
        ]))

    fileprivate static let comparison = APISchema.named(
        "Comparison",
        .object([
            "from": comparedSide, "to": comparedSide,
            "counts": .object([
                "added": .count, "changed": .count, "removed": .count, "renamed": .count,
                "moved": .count,
            ]),
            "changes": .list(of: historyChange), "next": APISchema.text.orNull,
        ]))

    fileprivate static let blame = APISchema.named(
        "Blame",
        .object([
            "document": .text, "path": .text, "blob": .revision,
            "parts": .list(
                of: .object([
                    "pointer?": .pointer, "value?": .any, "line?": .count, "text?": .text,
                    "commit": APISchema.revision.orNull,
                ])),
            "commits": .list(of: .commit), "complete": .bool,
        ]))

    fileprivate static let activity = APISchema.named(
        "Activity",
        .object([
            "commits": .count,
            "days": .list(
                of: .object([
                    "date": APISchema(["type": "string", "format": "date"]), "commits": .count,
                ])),
            "people": .list(of: .object(["author": .text, "email": .text, "commits": .count])),
            "person_count": .count, "complete": .bool,
        ]))
}
