import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET history`: commits, newest first.
    func listHistory(_ call: NativeCall) async throws -> Response {
        let reader = HistoryQueryReader(call)
        return try await history(reader.query(of: try reader.subject), reader.showsDiff, call)
    }

    /// `GET documents/<collection>/<uid>/history`
    func showDocumentHistory(_ call: NativeCall) async throws -> Response {
        let key = try call.key
        let reader = HistoryQueryReader(call)
        let query = try reader.query(of: .document(key))
        let page = try await services.store.history.page(query)
        guard !page.steps.isEmpty || query.isFiltered || call.context.snapshot[key] != nil else {
            throw RegistryError.unknown(key)
        }
        return try await answer(page, query, try reader.showsDiff ?? true, call)
    }

    private func history(
        _ query: HistoryQuery, _ showsDiff: Bool?, _ call: NativeCall
    ) async throws -> Response {
        try await answer(services.store.history.page(query), query, showsDiff ?? false, call)
    }

    private func answer(
        _ page: HistoryPage, _ query: HistoryQuery, _ showsDiff: Bool, _ call: NativeCall
    ) async throws -> Response {
        var differences: [[DocumentDifference]] = []
        for step in page.steps where showsDiff {
            differences.append(try await services.store.history.differences(of: step.changes))
        }
        return call.tagged(page.json(differences), next: page.next.map { "\($0)" })
    }

    /// `GET documents/<collection>/<uid>/blame`
    func blameDocument(_ call: NativeCall) async throws -> Response {
        let found = try await services.store.history.blame(
            try call.key, at: call.shownCommit)
        return call.tagged(found.json, next: nil)
    }

    /// `GET commits/<id>`
    func showCommit(_ call: NativeCall) async throws -> Response {
        let details = try await services.store.history.details(
            of: call.values["id"] ?? "", after: call.path.query.last(of: "cursor"),
            limit: try call.limit(standard: 50, most: 200))
        return call.tagged(details.json, next: details.next)
    }

    /// `GET compare?from=&to=`
    func compareRevisions(_ call: NativeCall) async throws -> Response {
        let parameters = call.path.query
        guard let from = parameters.last(of: "from"), !from.isEmpty else {
            throw NativeError.parameter(
                "from", "Must name a commit, a branch, a tag or a time to begin with.")
        }
        var query = ComparisonQuery(from: from)
        if let to = parameters.last(of: "to"), !to.isEmpty { query.to = to }
        query.collection = try call.wantedCollection
        query.after = parameters.last(of: "cursor")
        query.limit = try call.limit(standard: 20, most: 200)
        let found = try await services.store.history.compare(query)
        return call.tagged(found.json, next: found.next)
    }

    /// `GET activity`
    func showActivity(_ call: NativeCall) async throws -> Response {
        let found = try await services.store.activity(
            days: try call.limit("days", standard: 365, most: 3_660),
            until: try call.time("until") ?? .now,
            people: try call.limit("people", standard: 20, most: 1_000))
        return call.tagged(found.json, next: nil)
    }
}

extension HistoryQuery {
    fileprivate var isFiltered: Bool {
        author != nil || since != nil || until != nil || after != nil
    }
}

/// Reads what a query string asks of the history.
struct HistoryQueryReader {
    let call: NativeCall

    init(_ call: NativeCall) { self.call = call }

    private var parameters: RawQuery { call.path.query }

    /// `path` or `collection`, else everything.
    var subject: HistorySubject {
        get throws(NativeError) {
            if let path = parameters.last(of: "path"), !path.isEmpty {
                return HistorySubject(path: path)
            }
            return try call.wantedCollection.map { .collection($0) } ?? .everything
        }
    }

    var showsDiff: Bool? {
        get throws(NativeError) {
            switch parameters.last(of: "diff") {
            case nil: nil
            case "true", "1": true
            case "false", "0": false
            default: throw .parameter("diff", "Must be true or false.")
            }
        }
    }

    func query(of subject: HistorySubject) throws(NativeError) -> HistoryQuery {
        var query = HistoryQuery(subject, limit: try call.limit(standard: 20, most: 200))
        query.tip = call.shownCommit
        query.author = parameters.last(of: "author").flatMap { $0.isEmpty ? nil : $0 }
        query.since = try call.time("since")
        query.until = try call.time("until")
        if let cursor = parameters.last(of: "cursor") {
            guard let after = Revision(hex: cursor) else {
                throw .parameter("cursor", "Must be the `next` of the page before.")
            }
            query.after = after
        }
        return query
    }
}

extension NativeCall {
    /// The commit that `?at=` shows; nil where the served one is shown.
    var shownCommit: Revision? { context.at == nil ? nil : context.snapshot.commit }

    /// The `collection` of the query.
    var wantedCollection: Registry.Collection? {
        get throws(NativeError) {
            guard let name = path.query.last(of: "collection"), !name.isEmpty else { return nil }
            guard let kind = DocumentKind.all.first(where: { $0.collection.name == name }) else {
                let names = DocumentKind.all.map(\.collection.name).joined(separator: ", ")
                throw .parameter("collection", "Must be one of \(names).")
            }
            return kind.collection
        }
    }

    /// A number of the query, from 1 to `most`.
    func limit(
        _ name: String = "limit", standard: Int, most: Int
    ) throws(NativeError) -> Int {
        guard let text = path.query.last(of: name) else { return standard }
        guard let number = Int(text), (1...most).contains(number) else {
            throw .parameter(name, "Must be a number from 1 to \(most).")
        }
        return number
    }

    /// A time of the query.
    func time(_ name: String) throws(NativeError) -> Timestamp? {
        guard let text = path.query.last(of: name), !text.isEmpty else { return nil }
        guard let time = Timestamp(parsing: text) else {
            throw .parameter(name, "Must be a time of RFC 3339, as 2026-01-31T12:00:00Z.")
        }
        return time
    }

    /// JSON with a strong tag of its own bytes, and a link to the next page.
    ///
    /// - Parameter next: the `cursor` of that page.
    func tagged(_ value: JSONValue, next: String?) -> Response {
        let bytes = value.canonicalBytes()
        let tag = EntityTag(of: bytes)
        if let response = request.notModified(tag) { return response }
        var headers: HTTPFields = [.eTag: tag.description, .cacheControl: "no-cache"]
        if let next {
            var parts = path.query.pairs.filter { $0.name != "cursor" }
                .map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
            if let at = context.at { parts.append("at=\(percentEncoded(at))") }
            parts.append("cursor=\(percentEncoded(next))")
            let address = context.baseURL + path.raw + "?" + parts.joined(separator: "&")
            headers[.link] = "<\(address)>; rel=\"next\""
        }
        return .json(.ok, bytes, headers: headers)
    }
}
