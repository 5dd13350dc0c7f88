import HTTPTypes
import JSON
import Registry

extension NativeDialect {
    static let proposalRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "proposals", listProposals,
            .init(
                .proposals, "Lists proposals, newest first",
                parameters: [
                    .query(
                        "state", .word("open", "merged", "closed", "all").with("default", "open"),
                        "Which of them.")
                ],
                answers: [.ok(.proposalList)])),
        NativeRoute(
            .post, "proposals", openProposal,
            .init(
                .proposals, "Opens a proposal",
                details: "Of `changes` of any documents, or of the commit `head` that was pushed.",
                body: .json(.newProposal), answers: [.created(.reviewedProposal)],
                refusals: [409: "The registry is so already."])
        ).recoveringProposal(answerOpened),
        NativeRoute(
            .get, "proposals/<number>", showProposal,
            .init(
                .proposals, "Shows a proposal and what it would do",
                details: "Who may not read everything is shown their own, as far as they may.",
                answers: [.ok(.reviewedProposal)], refusals: noProposal)),
        NativeRoute(
            .patch, "proposals/<number>", changeProposal,
            .init(
                .proposals, "Gives it another title or text, further changes or another head",
                body: .json(.proposalChange), answers: [.ok(.reviewedProposal)],
                refusals: noProposal)),
        NativeRoute(
            .post, "proposals/<number>/comments", commentOnProposal,
            .init(
                .proposals, "Comments on a proposal", body: .json(.comment),
                answers: [APIAnswer(201, "Said.", .json(.proposal))], refusals: noProposal)),
        NativeRoute(
            .post, "proposals/<number>/approve", approveProposal,
            event("Approves the present head, or refuses what is not `head`")),
        NativeRoute(
            .post, "proposals/<number>/merge", mergeProposal,
            .init(
                .proposals, "Merges a proposal into the served branch",
                body: .json(.merge, isRequired: false), answers: [.ok(.proposal)],
                refusals: [
                    404: "There is no such proposal.",
                    409: "It conflicts; `conflicts` and `problems` say where.",
                ])),
        NativeRoute(.post, "proposals/<number>/close", closeProposal, event("Closes a proposal")),
        NativeRoute(
            .post, "proposals/<number>/reopen", reopenProposal, event("Reopens a proposal")),
    ]

    private static let noProposal: KeyValuePairs<Int, String> = [
        404: "There is no such proposal.", 409: "It is not in a state for that.",
    ]

    private static func event(_ summary: String) -> APIOperation {
        APIOperation(
            .proposals, summary, body: .json(.proposalEvent, isRequired: false),
            answers: [.ok(.proposal)], refusals: noProposal)
    }
}

extension APITag {
    static let proposals = APITag(
        name: "proposals", description: "Changes that wait for people's judgement.")
}

extension APISchema {
    private static let proposalEventMembers: KeyValuePairs<String, APISchema> = [
        "kind": .word(among: Proposal.Event.Kind.allCases.map(\.rawValue)), "author": .text,
        "email": .text, "date": .date, "head?": .revision, "text?": .text,
    ]

    private static let event = APISchema.named("ProposalEvent", .object(proposalEventMembers))

    static let proposal = APISchema.named(
        "Proposal",
        .object([
            "number": .integer, "title": .text, "text": .text,
            "state": .word(among: Proposal.State.allCases.map(\.rawValue)), "head": .revision,
            "owner": .text, "events": .list(of: event),
        ]))

    fileprivate static let proposalList = APISchema.named(
        "ProposalList", .object(["proposals": .list(of: .proposal), "total": .count]))

    /// A commit in a list.
    static let commit = APISchema.named(
        "Commit",
        .object([
            "commit": .revision, "subject": .text, "author": .text, "email": .text, "date": .date,
        ]))

    /// A place that two sides changed.
    static let conflict = APISchema.named(
        "Conflict",
        .object([
            "path": .text, "pointer": APISchema.pointer.orNull, "base?": .any, "ours?": .any,
            "theirs?": .any, "reason": .text,
        ]))

    /// Something that is wrong with the registry, as `muster validate --json` has it.
    static let registryProblem = APISchema.named(
        "RegistryProblem",
        .object([
            "severity": .word("error", "warning"), "rule": .text, "path": .text,
            "pointer": APISchema.pointer.orNull, "line": APISchema.integer.orNull, "reason": .text,
        ]))

    /// What a change touches beside the files that it is made of.
    static let reach = APISchema.named(
        "Reach",
        .object([
            "devices": .list(of: .uid),
            "targets": .list(
                of: .object([
                    "device": .uid, "old": APISchema.text.orNull, "new": APISchema.text.orNull,
                ])),
            "rules": .list(of: .text),
        ]))

    fileprivate static let reviewedProposal = APISchema.named(
        "ReviewedProposal",
        .object([
            "number": .integer, "title": .text, "text": .text,
            "state": .word(among: Proposal.State.allCases.map(\.rawValue)), "head": .revision,
            "owner": .text, "events": .list(of: event), "mergeable": .bool,
            "commit_count": .count, "commits": .list(of: .commit), "paths": .list(of: .text),
            "conflicts": .list(of: .conflict), "problems": .list(of: .registryProblem),
            "warnings": .list(of: .registryProblem).described("What keeps nobody from merging."),
            "touches": reach,
            "partial?": .bool.described("Whether something is left out that you may not read."),
        ]))

    fileprivate static let newProposal = APISchema.named(
        "NewProposal",
        .object([
            "title?": .text, "text?": .text, "author?": .author,
            "changes?": .list(of: .requestedChange).with("minItems", 1), "head?": .revision,
        ]).with("oneOf", [["required": ["changes"]], ["required": ["head"]]]))

    fileprivate static let proposalChange = APISchema.named(
        "ProposalChange",
        .object([
            "title?": .text, "text?": .text, "author?": .author,
            "changes?": .list(of: .requestedChange).with("minItems", 1), "head?": .revision,
        ]))

    fileprivate static let comment = APISchema.named(
        "Comment", .object(["text": .text.with("minLength", 1), "author?": .author]))

    fileprivate static let proposalEvent = APISchema.named(
        "NewProposalEvent", .object(["text?": .text, "head?": .revision, "author?": .author]))

    fileprivate static let merge = APISchema.named(
        "Merge",
        .object([
            "head?": .revision, "message?": .text, "author?": .author,
            "choices?": .list(of: .choice),
        ]))

    /// What to take where both sides changed one place.
    static let choice = APISchema.named(
        "Choice",
        .object([
            "path": .text, "pointer?": APISchema.pointer.orNull, "take": .word("ours", "theirs"),
        ]))
}
