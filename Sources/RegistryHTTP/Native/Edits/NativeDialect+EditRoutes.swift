import HTTPTypes
import Registry

extension NativeDialect {
    static let editRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "edits", listEdits,
            .init(
                .edits, "Lists what is edited in the working tree and not committed",
                details: "The first 200 files, with their differences.",
                answers: [.ok(.editList)])),
        NativeRoute(
            .post, "edits/commit", commitEdits,
            .init(
                .edits, "Commits edited files", details: "Without `paths`, all that are valid.",
                body: .json(.editsToCommit, isRequired: false), answers: [.ok(.settledEdits)],
                refusals: [409: "A file has no edit, or another than the one that `tags` names."])),
        NativeRoute(
            .post, "edits/discard", discardEdits,
            .init(
                .edits, "Takes edited files back",
                details: "What they held is kept in the state directory.",
                body: .json(.editsToDiscard), answers: [.ok(.settledEdits)],
                refusals: [409: "A file has no edit, or another than the one that `tags` names."])),
    ]
}

extension APITag {
    static let edits = APITag(
        name: "edits", description: "What people edit in the working tree and have not committed.")
}

extension APISchema {
    /// A place that differs; a value that is absent has no member.
    static let fieldChange = APISchema.named(
        "FieldChange", .object(["pointer": .pointer, "old?": .any, "new?": .any]))

    private static let edit = APISchema.named(
        "Edit",
        .object([
            "path": .text, "kind": .word("added", "removed", "changed"),
            "document?": .text.described("`devices/robot-1`"), "fields": .list(of: .fieldChange),
            "more_fields": .count, "diff": .text.described("A unified diff without file names."),
            "tag": .text.described("Names this very edit."), "served": .bool,
            "problem": .text.orNull,
        ]))

    fileprivate static let editList = APISchema.named(
        "EditList", .object(["edits": .list(of: edit), "total": .count]))

    private static let tags = APISchema.map(of: .text)
        .described("The `tag` of each file as it was seen; another one is refused.")

    fileprivate static let editsToCommit = APISchema.named(
        "EditsToCommit",
        .object([
            "paths?": .list(of: .text), "tags?": tags, "message?": .text, "author?": .author,
        ]))

    fileprivate static let editsToDiscard = APISchema.named(
        "EditsToDiscard", .object(["paths": .list(of: .text), "tags?": tags]))

    fileprivate static let settledEdits = APISchema.named(
        "SettledEdits",
        .object([
            "paths": .list(of: .text), "commit?": .revision,
            "copies?": .list(of: .text).described("Where the content of discarded files is."),
        ]))
}
