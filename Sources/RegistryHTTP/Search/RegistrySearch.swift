import Registry

/// What a search over everything has found.
struct RegistrySearch: Sendable {
    /// The best, in order.
    let hits: [SearchHit]
    /// How many documents have all words, as far as it was looked.
    let total: Int
    /// Whether every document was looked at: a search ends after its time, or with so many hits that
    /// nobody reads them.
    let isComplete: Bool

    /// How long a search may take.
    static let timeLimit = Duration.seconds(2)
    /// So many documents with all words are ranked.
    static let hitLimit = 5_000

    /// Looks at every document's bytes, in small steps between which others have their turn, and reads
    /// those that may have the words.
    init(_ query: SearchQuery, in snapshot: Snapshot, limit: Int) async {
        var found = Self.named(query, in: snapshot)
        let known = Set(found.map(\.document.key))
        var isComplete = true
        let clock = ContinuousClock()
        let end = clock.now + Self.timeLimit
        search: for collection in DocumentKind.all.map(\.collection)
        where query.includes(collection) {
            for (place, stored) in snapshot.all(in: collection, order: .uid).enumerated() {
                if place % 100 == 0 {
                    await Task.yield()
                    guard clock.now < end, !Task.isCancelled else {
                        isComplete = false
                        break search
                    }
                }
                guard query.mayBe(in: stored), !known.contains(stored.key),
                    let hit = SearchHit(stored, query)
                else { continue }
                found.append(hit)
                guard found.count < Self.hitLimit else {
                    isComplete = false
                    break search
                }
            }
        }
        total = found.count
        hits = Array(found.sorted(by: SearchHit.isBetter).prefix(limit))
        self.isComplete = isComplete
    }

    /// The documents whose uid is what was typed: they are found however much there is.
    private static func named(_ query: SearchQuery, in snapshot: Snapshot) -> [SearchHit] {
        guard let id = DocumentID(query.text) else { return [] }
        return DocumentKind.all.map(\.collection).filter(query.includes).compactMap { collection in
            snapshot[DocumentKey(collection, id)].flatMap { SearchHit($0, query) }
        }
    }
}

extension SearchQuery {
    /// False where a word cannot be in the document; true may be wrong.
    fileprivate func mayBe(in stored: StoredDocument) -> Bool {
        terms.allSatisfy { term in
            term.filter.mayBeFound(in: Array(stored.id.text.utf8))
                || term.filter.mayBeFound(in: stored.bytes)
        }
    }
}
