import Registry
import RegistryHTML

/// The documents of one collection that a filter lets through, in the order of lists.
///
/// Without a filter only those of the page are looked at.
struct DocumentList {
    private let snapshot: Snapshot
    private let collection: Registry.Collection
    /// Nil for all.
    private let found: [StoredDocument]?

    /// - Parameter texts: what of a document is searched.
    init(
        _ collection: Registry.Collection, of snapshot: Snapshot, _ filter: TextFilter,
        texts: (StoredDocument) -> [String]
    ) {
        self.snapshot = snapshot
        self.collection = collection
        found =
            filter.isEmpty
            ? nil
            : snapshot.all(in: collection).filter { stored in
                // What surely does not match is not decoded for it.
                (filter.matches([stored.id.text]) || filter.mayBeFound(in: stored.bytes))
                    && filter.matches(texts(stored))
            }
    }

    var count: Int { found?.count ?? snapshot.count(of: collection) }

    func documents(_ range: Range<Int>) -> [StoredDocument] {
        if let found { return Array(found[range]) }
        return snapshot.documents(in: collection, offset: range.lowerBound, limit: range.count)
    }
}
