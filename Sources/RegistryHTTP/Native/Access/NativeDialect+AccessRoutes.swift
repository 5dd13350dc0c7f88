import HTTPTypes
import JSON
import Registry
import StateStore

extension NativeDialect {
    static let accessRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "access", showAccess,
            .init(
                .access, "Tells who the caller is, and how that is known",
                details: "Answers strangers too.", answers: [.ok(.access)])),
        NativeRoute(
            .get, "access/tokens", listTokens,
            .init(
                .access, "Lists the caller's tokens", answers: [.ok(.tokenList)],
                refusals: noAccount)),
        NativeRoute(
            .post, "access/tokens", createToken,
            .init(
                .access, "Makes a token for the caller",
                details:
                    "The answer has the token as `secret`, for the only time; `Idempotency-Key` "
                    + "is not looked at. A token makes no tokens: log in with the password.",
                body: .json(.newToken), answers: [.created(.tokenWithSecret)],
                refusals: [
                    401: "The caller is a stranger.", 403: "The caller comes with a token.",
                    409: "Nobody has an account, or the caller has a token of this name.",
                ])
        ).handingOutSecrets(),
        NativeRoute(
            .delete, "access/tokens/<token>", revokeToken,
            .init(
                .access, "Ends one of the caller's tokens",
                details: "A token ends itself alone.", answers: [APIAnswer(204, "Gone.")],
                refusals: [
                    401: "The caller is a stranger.", 403: "The caller comes with another token.",
                    404: "The caller has no such token.", 409: "Nobody has an account.",
                ])),
    ]

    private static let noAccount: KeyValuePairs<Int, String> = [
        401: "The caller is a stranger.", 409: "Nobody has an account.",
    ]
}

extension APITag {
    static let access = APITag(name: "access", description: "Who the caller is, and their tokens.")
}

extension APISchema {
    private static let rights = APISchema.list(
        of: .word(among: AccessRight.allCases.map(\.rawValue)))

    fileprivate static let access = APISchema.named(
        "Access",
        .object([
            "open": APISchema.bool.described(
                "Whether nobody has an account, so that everybody may do everything."),
            "account": APISchema.text.orNull, "device": APISchema.uid.orNull,
            "way": .word(
                "none", "password", "token", "session", "certificate", "identity-token"),
            "token": APISchema.text.orNull, "roles": .list(of: .text),
            "scope": .object([
                "rights": rights, "collections": APISchema.list(of: .text).orNull,
                "device": APISchema.uid.orNull,
            ]),
            "may": APISchema.object([
                "read": .list(of: .text), "write": .list(of: .text), "approve": .list(of: .text),
                "administer": .list(of: .text),
            ]).described(
                "Where the caller has each right, as `policy.json` writes places: `*`, `devices`."),
            "address": APISchema.text.orNull,
        ]).with("additionalProperties", true))

    private static let token = APISchema.named("Token", .object(tokenMembers))

    private static let tokenMembers: KeyValuePairs<String, APISchema> = [
        "id": .text, "account": .text, "name": .text, "rights": rights,
        "collections": APISchema.list(of: .text).orNull, "device": APISchema.uid.orNull,
        "networks": .list(of: .text), "created": .date, "expires": APISchema.date.orNull,
        "last_use": APISchema.date.orNull, "last_address": APISchema.text.orNull,
    ]

    fileprivate static let tokenList = APISchema.named(
        "TokenList", .object(["tokens": .list(of: token)]))

    fileprivate static let tokenWithSecret = APISchema.named(
        "NewTokenAnswer", .object(tokenMembers, and: ["secret": .text]))

    fileprivate static let newToken = APISchema.named(
        "NewToken",
        .object([
            "name": .text.with("minLength", 1).with("maxLength", 100),
            "rights?": rights.described("What it allows at most; all when absent."),
            "collections?": .list(of: .collection), "device?": .uid,
            "networks?": .list(of: .text.described("`10.0.0.0/8`")), "expires?": .date,
        ]))
}
