import JSON
import Registry

/// What a list is asked for: which documents, in which order, and how much of them.
struct ListQuery: Sendable {
    /// One field that the list is sorted by.
    struct Order: Sendable {
        let path: FieldPath
        let descending: Bool
    }

    private static let defaultLimit = 100
    private static let maximumLimit = 1_000
    /// Names that are no fields of documents.
    private static let reserved: Set<String> = ["limit", "after", "sort", "fields"]

    let limit: Int
    /// The last document of the page before.
    let after: DocumentID?
    let order: [Order]
    /// The fields that are shown; nil for whole documents.
    let fields: [FieldPath]?
    let filters: [FieldFilter]
    /// Conditions and order as text: lists of one text over the same documents are the same.
    let selection: String

    /// - Throws: where a field is named that no document of the collection can have, too: a list
    ///   that is empty for a slip of the pen would be taken for the truth.
    init(_ query: RawQuery, of collection: Registry.Collection) throws(NativeError) {
        limit =
            try Self.limit(query.last(of: "limit"), most: Self.maximumLimit)
            ?? Self.defaultLimit
        after = try query.last(of: "after").map { text throws(NativeError) in
            guard let id = DocumentID(text) else {
                throw .parameter("after", "Must be the uid of the last document of a page.")
            }
            return id
        }
        var order: [Order] = []
        for name in (query.last(of: "sort") ?? "").split(separator: ",") {
            let descending = name.hasPrefix("-")
            guard let path = FieldPath(String(descending ? name.dropFirst() : name)) else {
                throw .parameter("sort", "Must be names of fields, `address` or `-creation_date`.")
            }
            order.append(Order(path: path, descending: descending))
        }
        self.order = order
        fields = try query.last(of: "fields").map { text throws(NativeError) in
            var paths: [FieldPath] = []
            for name in text.split(separator: ",") {
                guard let path = FieldPath(String(name)) else {
                    throw .parameter("fields", "Must be names of fields, separated by commas.")
                }
                paths.append(path)
            }
            return paths
        }
        var filters: [FieldFilter] = []
        for pair in query.pairs where !Self.reserved.contains(pair.name) {
            guard let filter = FieldFilter(pair) else {
                throw .parameter(
                    pair.name, "Is no name of a field; name one as `annotations.site`.")
            }
            filters.append(filter)
        }
        self.filters = filters
        let named =
            order.map { ("sort", $0.path) } + (fields ?? []).map { ("fields", $0) }
            + filters.map { ($0.path.text, $0.path) }
        if let kind = DocumentKind.of(collection) {
            for (name, path) in named where !path.mayBe(in: kind) {
                throw .unknownField(name, path.text, kind.members ?? [])
            }
        }
        selection =
            filters.map { "\($0.path.text)\($0.relation.rawValue)\($0.wanted)" }
            .joined(separator: "&") + " "
            + order.map { ($0.descending ? "-" : "") + $0.path.text }.joined(separator: ",")
    }

    static func limit(_ text: String?, most: Int) throws(NativeError) -> Int? {
        guard let text else { return nil }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw .parameter("limit", "Must be a number from 1 to \(most).")
        }
        return limit
    }

    /// Whether the list is all documents by uid, which the registry keeps in order.
    var isPlain: Bool { filters.isEmpty && order.isEmpty }

    static let parameters: [APIParameter] = [
        .query(
            "limit",
            .integer.with("minimum", 1).with("maximum", .number(JSONNumber(maximumLimit)))
                .with("default", .number(JSONNumber(defaultLimit))), "The most on one page."),
        .query("after", .uid, "The uid of the last document of the page before; see `Link`."),
        .query(
            "sort", .text,
            "Fields, separated by commas, `-` before one that descends: `address,-creation_date`. "
                + "By uid when it is absent."),
        .query(
            "fields", .text,
            "What is shown of each document: `address,annotations.site`. All when it is absent."),
        .filters,
    ]
}

extension APIParameter {
    /// Any other name is a condition on the field of that name.
    fileprivate static let filters = APIParameter(
        place: .query, name: "filter", schema: .map(of: .text),
        description: "Any other name is a field: `address=10.0.*` (`*` is any text, lists match by "
            + "any element, empty is absent), `kind!=host`, `creation_date>=2026-01-01`, "
            + "`annotations.site=hall-9` or `/annotations/site=hall-9`. One that no document of the "
            + "collection can have is refused.",
        isRequired: false)
}

extension Snapshot {
    /// The documents of a collection that a list shows, in its order.
    ///
    /// Looks at every document, in small steps between which others have their turn.
    func documents(
        in collection: Registry.Collection, for query: ListQuery
    ) async -> [StoredDocument] {
        var found: [(document: StoredDocument, keys: [SortKey])] = []
        for (place, stored) in all(in: collection, order: .uid).enumerated() {
            if place % 500 == 0 { await Task.yield() }
            guard query.filters.allSatisfy({ $0.mayMatch(stored) }) else { continue }
            let document = QueriedDocument(stored)
            guard query.filters.allSatisfy({ $0.matches(document) }) else { continue }
            found.append(
                (stored, query.order.map { SortKey($0.path.scalars(of: document).first) }))
        }
        guard !query.order.isEmpty else { return found.map(\.document) }
        // Equal ones stay in the order of their uids.
        return found.enumerated().sorted { left, right in
            for (place, order) in query.order.enumerated() {
                let keys = (left.element.keys[place], right.element.keys[place])
                if keys.0 == keys.1 { continue }
                return (keys.0 < keys.1) != order.descending
            }
            return left.offset < right.offset
        }.map(\.element.document)
    }
}
