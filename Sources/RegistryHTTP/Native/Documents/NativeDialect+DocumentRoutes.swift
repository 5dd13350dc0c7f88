import HTTPTypes
import JSON
import Registry

extension NativeDialect {
    static let documentRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "documents", listCollections,
            .init(
                .documents, "Lists the collections", parameters: [.at],
                answers: [.ok(.collectionList)])),
        NativeRoute(
            .get, "documents/<collection>", listDocuments,
            .init(
                .documents, "Lists the documents of a collection",
                details: "`Link` names the next page (RFC 8288), which is of the same commit: a "
                    + "walk neither skips nor repeats a document.",
                parameters: [.at] + ListQuery.parameters,
                answers: [.ok(.documentList), .notModified],
                refusals: [404: "There is no such collection."])),
        NativeRoute(
            .post, "documents/bulk", changeDocuments,
            .init(
                .documents, "Makes many changes of any documents in one commit, all or none",
                details: "They are made in their order, each on what those before it left.",
                parameters: [.dryRun] + WriteRequest.naming, body: .json(.bulk),
                answers: [.ok(.writeResult), .proposed(.json(.writeResult))],
                refusals: bulkRefusals)
        ).recovering(recoverChanges),
        NativeRoute(
            .get, "documents/<collection>/<uid>", showDocument,
            .init(
                .documents, "Shows a document",
                details: "Rule files are YAML, or JSON where `Accept` prefers it.",
                parameters: [.at],
                answers: [
                    APIAnswer(
                        200, "The document.", .document, headers: ["ETag": "The id of its blob."]),
                    .notModified,
                ], refusals: [404: "There is no such document."])),
        NativeRoute(
            .put, "documents/<collection>/<uid>", replaceDocument,
            .init(
                .documents, "Creates or replaces a document",
                details: "A device gets its `uid` and `creation_date` where they are missing.",
                parameters: WriteRequest.parameters, body: .document,
                answers: [
                    APIAnswer(200, "Replaced, or the plan of a dry run.", .writtenDocument),
                    APIAnswer(
                        201, "Created.", .document, headers: ["Location": "Its address."]),
                    .proposed(.document),
                ], refusals: writeRefusals)),
        NativeRoute(
            .patch, "documents/<collection>/<uid>", patchDocument,
            .init(
                .documents, "Changes a document",
                details: "By a merge patch (RFC 7396), which is also what plain JSON is taken for, "
                    + "or by a JSON patch (RFC 6902).",
                parameters: WriteRequest.parameters, body: .patch,
                answers: [
                    APIAnswer(200, "Changed, or the plan of a dry run.", .writtenDocument),
                    .proposed(.document),
                ],
                refusals: writeRefusals)),
        NativeRoute(
            .delete, "documents/<collection>/<uid>", removeDocument,
            .init(
                .documents, "Deletes a document",
                details: "In the same commit devices lose their references to it, and a device's "
                    + "certificate goes with it. What other documents name is refused: 409 names them.",
                parameters: WriteRequest.parameters,
                answers: [.ok(.writeResult, "Deleted."), .proposed(.json(.writeResult))],
                refusals: writeRefusals)),
    ]

    private static let bulkRefusals: KeyValuePairs<Int, String> = [
        409: "A change conflicts with others; `errors` names it.",
        412: "A document is another version than `if_match` says; `errors` names it.",
        422: "Some changes cannot be; `errors` names each by its `index`.",
    ]

    private static let writeRefusals: KeyValuePairs<Int, String> = [
        404: "There is no such document.",
        409: "Others refer to it, a patch does not fit, or an uncommitted edit is in the way.",
        412: "It is another version (`If-Match`); `current` shows it.",
        422: "It would not be valid.",
    ]
}

extension APITag {
    static let documents = APITag(
        name: "documents", description: "Every document of the registry, as its file has it.")
}

extension APIParameter {
    /// Which registry a read sees.
    static let at = APIParameter.query(
        "at", .text, "A commit, a branch, a tag, a time (RFC 3339), `HEAD` or `proposal:7`.")

    static let dryRun = APIParameter.query(
        "dry_run", .bool.with("default", false), "Answers what would happen, and changes nothing.")
}

extension APIBody {
    static let document = APIBody(
        schemas: ["application/json": .anyObject, "application/yaml": .anyObject], isRequired: true)

    fileprivate static let writtenDocument = APIBody(
        schemas: [
            "application/json": .either(.writeResult, .anyObject), "application/yaml": .anyObject,
        ], isRequired: true)

    fileprivate static let patch = APIBody(
        schemas: [
            "application/merge-patch+json": .anyObject,
            "application/json-patch+json": .jsonPatch,
            "application/json": .anyObject,
        ], isRequired: true)
}

extension APISchema {
    /// A JSON patch (RFC 6902).
    static let jsonPatch = APISchema.named(
        "JSONPatch",
        .list(
            of: .object([
                "op": .word("add", "remove", "replace", "move", "copy", "test"),
                "path": .pointer, "from?": .pointer, "value?": .any,
            ])))

    /// A change among many: one of `document`, `text`, `patch`, `json_patch` and `remove`.
    static let requestedChange = APISchema.named(
        "RequestedChange",
        .object([
            "collection": .collection, "uid": .uid,
            "document?": .anyObject.described("The whole document; a rule file's data."),
            "text?": .text.described("The whole file."),
            "patch?": .anyObject.described("A merge patch (RFC 7396)."),
            "json_patch?": .jsonPatch, "remove?": .bool,
            "if_match?": .text.described("The `etag` that the document must have, or `*`."),
            "if_none_match?": .word("*").described("There must be no such document yet."),
        ]))

    fileprivate static let bulk = APISchema.named(
        "BulkChange",
        .object([
            "changes": .list(of: .requestedChange).with("minItems", 1)
                .with("maxItems", .number(JSONNumber(NativeDialect.bulkLimit))),
            "author?": .author, "message?": .text,
        ]))

    fileprivate static let collectionList = APISchema.named(
        "CollectionList",
        .object([
            "collections": .list(
                of: .object(["name": .collection, "count": .count, "media_type": .text])),
            "commit": APISchema.revision.orNull,
        ]))

    fileprivate static let documentList = APISchema.named(
        "DocumentList",
        .object([
            "total": .count.described("On all pages."),
            "documents": .list(of: .listedDocument),
        ]))

    /// A document among others: `document` is JSON, `text` is YAML.
    static let listedDocument = APISchema.named(
        "ListedDocument",
        .object([
            "collection": .collection, "uid": .uid, "etag": .revision,
            "document?": .anyObject, "text?": .text,
        ]))

    private static let refusal = APISchema.named(
        "Refusal",
        .object([
            "index": .count.described("The change's place in the request, from 0."),
            "collection": .collection, "uid": .uid, "status": .integer, "detail": .text,
            "pointer?": .pointer, "line?": .integer, "referrers?": .list(of: .text),
        ]))

    /// What a write has done, or would do.
    static let writeResult = APISchema.named(
        "WriteResult",
        .object([
            "dry_run": .bool,
            "commit": APISchema.revision.orNull.described(
                "The commit that it is in; null for a dry run."),
            "proposal?": .integer.described("The proposal that it went into."),
            "changes": .list(
                of: .object([
                    "collection": .collection, "uid": .uid, "path": .text,
                    "action": .word("create", "change", "delete"),
                    "etag": APISchema.revision.orNull,
                    "fields?": .list(of: .fieldChange), "more_fields?": .count,
                ])),
            "problems": .list(of: refusal).described("Why a dry run would be refused."),
        ]))
}
