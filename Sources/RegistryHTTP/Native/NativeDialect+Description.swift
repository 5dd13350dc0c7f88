import HTTPTypes
import Hummingbird
import JSON
import Registry

extension NativeDialect {
    /// Where the API's description is.
    static let descriptionPath = "/api/openapi.json"

    /// The OpenAPI 3.1 description of the API, made from its route table.
    static let description = OpenAPIDocument(
        title: "Muster registry API", version: "1",
        description: "Every document of the registry, its history and its proposals. Each accepted "
            + "change is one git commit, which `Registry-Commit` names. Reads take `at`: a branch, "
            + "a tag, a commit, a time (RFC 3339) or `proposal:7`. Errors are problems (RFC 9457).",
        entries: routes.map { route in
            OpenAPIDocument.Entry(
                method: route.method, path: base + route.templatePath,
                parameters: route.parameterNames.compactMap { pathParameters[$0] },
                operation: route.operation)
        },
        commonParameters: [
            .post: [
                .header(
                    "Idempotency-Key", .text.with("minLength", 1).with("maxLength", 255),
                    "A UUID that the client makes up: a repeated request is answered as the first "
                        + "was, for 24 hours, and done once.")
            ]
        ],
        problem: APIBody(
            schemas: ["application/problem+json": .problem], isRequired: true))

    private static let descriptionBytes = description.json.canonicalBytes()

    /// What `<name>` in a path is.
    private static let pathParameters: [String: APIParameter] = {
        let all: [APIParameter] = [
            .path("number", .integer.with("minimum", 1), "The number of a proposal."),
            .path(
                "collection", .collection,
                "A folder of documents; a slash in its name is written as it is, or as `%2F`."),
            .path("id", .text, "A commit, a branch, a tag, a time, or `HEAD`."),
            .path("token", .text, "The id of a token."),
            .path("webhook", .text, "The id of a webhook."),
            .path("delivery", .text, "The id of a delivery."),
            .path("uid", .uid, "Percent-encoded; `%2F` is a character of the uid."),
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()

    /// `GET /api/openapi.json`
    func describe(
        _ request: Request, _ path: RawPath, _ context: AppRequestContext
    ) -> Response? {
        guard path.raw == Self.descriptionPath else { return nil }
        guard request.method == .get else {
            return .problem(
                .methodNotAllowed, "\(path.raw) takes GET.", context, headers: [.allow: "GET"])
        }
        let tag = EntityTag(of: Self.descriptionBytes)
        return request.notModified(tag)
            ?? .json(.ok, Self.descriptionBytes, headers: [.eTag: tag.description])
    }
}

extension APISchema {
    /// The name of a folder of documents.
    static let collection = APISchema.word(among: DocumentKind.all.map(\.collection.name))

    /// An error (RFC 9457); some have further members, which say what to act on.
    static let problem = APISchema.named(
        "Problem",
        .object([
            "type": .text, "title": .text.described("The status in words."), "status": .integer,
            "detail": .text.described("What is wrong and what to do."),
            "request_id": .text.described("The request in the server's log."),
        ]).with("additionalProperties", true))

    /// Who acts, where the caller has no account.
    static let author = APISchema.named(
        "Author", .object(["name": .text.with("minLength", 1), "email?": .text]))
}
