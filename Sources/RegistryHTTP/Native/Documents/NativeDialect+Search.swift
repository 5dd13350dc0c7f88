import HTTPTypes
import Hummingbird
import JSON
import Registry

extension NativeDialect {
    static let searchRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "search", search,
            .init(
                .search, "Searches everything: uids and any text of any document",
                details: "Words must all occur, in any letter case; `\"two words\"` are one, "
                    + "`address:10.0` is the start of a field, `in:devices` a collection. A search "
                    + "ends after 2 seconds or 5,000 hits; then `complete` is false.",
                parameters: [
                    .at,
                    .query("q", .text.with("minLength", 1), "What is searched.", isRequired: true),
                    .query(
                        "limit",
                        .integer.with("minimum", 1).with("maximum", 200).with("default", 20),
                        "The most that are shown, the best first."),
                ], answers: [.ok(.searchResult)]))
    ]

    /// `GET search?q=robot`
    func search(_ call: NativeCall) async throws -> Response {
        let query = SearchQuery(call.path.query.last(of: "q") ?? "")
        guard !query.isEmpty else {
            throw NativeError.parameter("q", "Must have a word that is searched for.")
        }
        let limit = try ListQuery.limit(call.path.query.last(of: "limit"), most: 200) ?? 20
        let found = await RegistrySearch(query, in: call.context.snapshot, limit: limit)
        return call.answer(
            [
                "query": .text(query.text), "total": .number(JSONNumber(found.total)),
                "complete": .bool(found.isComplete), "results": .array(found.hits.map(\.json)),
            ], headers: call.readFields)
    }
}

extension APITag {
    static let search = APITag(name: "search", description: "Everything, by the words in it.")
}

extension APISchema {
    fileprivate static let searchResult = APISchema.named(
        "SearchResult",
        .object([
            "query": .text, "total": .count, "complete": .bool,
            "results": .list(
                of: .object([
                    "collection": .collection, "uid": .uid, "title?": .text,
                    "score": .integer.described("The higher, the better it fits."),
                    "matches": .list(
                        of: .object([
                            "pointer": APISchema.pointer.orNull.described("Null for the uid."),
                            "text": .text,
                        ])),
                ])),
        ]))
}

extension SearchHit {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "collection": .text(document.collection.name), "uid": .text(document.id.text),
        ]
        object["title"] = title.map { .text($0) }
        object["score"] = .number(JSONNumber(score))
        object["matches"] = .array(
            matches.map { match in
                [
                    "pointer": match.pointer.map { .text($0.description) } ?? .null,
                    "text": .text(match.text),
                ]
            })
        return .object(object)
    }
}
