import HTTPTypes
import JSON
import Registry

extension NativeDialect {
    static let undoRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "deleted", listDeleted,
            .init(
                .undo, "Lists documents that were removed and are gone, newest first",
                details:
                    "A page may be short where a long history was read for it; `next` goes on.",
                parameters: [
                    .query("collection", .collection, "Only documents of this folder."),
                    .query(
                        "limit",
                        .integer.with("minimum", 1).with("maximum", 100).with("default", 20),
                        "How many."),
                    .query("cursor", .text, "The `next` of the page before."),
                ],
                answers: [.ok(.deletedList)])),
        NativeRoute(
            .post, "documents/<collection>/<uid>/restore", undo,
            .init(
                .undo, "Restores a document as it was at another time",
                details: "Without `at`, one that is gone as it was last.",
                parameters: undoParameters, body: .json(.restore, isRequired: false),
                answers: [.ok(.undo)], refusals: undoRefusals)
        ).recovering(recoverUndo),
        NativeRoute(
            .post, "revert", undo,
            .init(
                .undo, "Takes back a commit, or everything between two states, in one new commit",
                details: "Later changes of other fields stay; those of the same fields are "
                    + "`conflicts`, and nothing is done until `choices` say what to take.",
                parameters: undoParameters, body: .json(.revert), answers: [.ok(.undo)],
                refusals: undoRefusals)
        ).recovering(recoverUndo),
    ]

    private static let undoParameters: [APIParameter] = [
        .dryRun,
        .header("If-Match", .text, "The `tag` of the preview that was looked at."),
    ]

    private static let undoRefusals: KeyValuePairs<Int, String> = [
        404: "There is no such revision, document or version.",
        409: "It conflicts, would break the registry, or there is nothing to take back.",
        412: "What the preview showed has been changed since.",
    ]
}

extension APITag {
    static let undo = APITag(
        name: "undo", description: "Restores documents and takes back commits, after a preview.")
}

extension APISchema {
    /// What differs between two versions of a file.
    static let difference = APISchema.named(
        "Difference",
        .object([
            "path": .text, "kind": .word("added", "removed", "changed"),
            "document?": .text.described("`devices/robot-1`"), "fields": .list(of: .fieldChange),
            "more_fields": .count, "diff": .text.described("A unified diff without file names."),
        ]))

    private static let deleted = APISchema.named(
        "DeletedDocument",
        .object([
            "document": .text, "collection": .collection, "uid": .uid, "commit": .revision,
            "subject": .text, "author": .text, "email": .text, "date": .date,
        ]))

    fileprivate static let deletedList = APISchema.named(
        "DeletedDocuments",
        .object(["deleted": .list(of: deleted), "next": APISchema.text.orNull]))

    private static let needed = APISchema.named(
        "NeededDocument", .object(["document": .text, "version": .revision, "reason": .text]))

    fileprivate static let undo = APISchema.named(
        "Undo",
        .object([
            "subject": .text, "tag": .text.described("Names what was found; see `If-Match`."),
            "possible": .bool, "changes_nothing": .bool, "commit_count": .count,
            "commits": .list(of: .commit), "changes": .list(of: .difference),
            "paths": .list(of: .text), "conflicts": .list(of: .conflict),
            "problems": .list(of: .registryProblem), "touches": .reach,
            "needed": .list(of: needed)
                .described("What is gone and belongs to it; `needed` in the request takes it too."),
            "takes_needed": .bool, "notes": .list(of: .text),
            "commit?": APISchema.revision.orNull
                .described("The new commit; null where all was so; absent in a preview."),
        ]))

    fileprivate static let restore = APISchema.named(
        "Restore",
        .object([
            "at?": .text.described("A commit, branch, tag or time."), "needed?": .bool,
            "tag?": .text, "choices?": .list(of: .choice), "message?": .text, "author?": .author,
        ]))

    fileprivate static let revert = APISchema.named(
        "Revert",
        .object([
            "commit?": .text, "from?": .text.described("The older state."),
            "to?": .text.described("The newer state; `HEAD` where it is missing."),
            "needed?": .bool, "tag?": .text, "choices?": .list(of: .choice), "message?": .text,
            "author?": .author,
        ]))
}
