internal import HashTreeCollections

/// The documents of one collection, by uid and in the orders of lists.
struct CollectionTable: Sendable {
    private(set) var documents: TreeDictionary<DocumentID, StoredDocument> = [:]
    private(set) var uids = SortedIndex<DocumentID>()
    private(set) var dates = SortedIndex<Creation>()
    /// The uids that change when their case is folded, by what they become.
    private var folding: TreeDictionary<DocumentID, [DocumentID]> = [:]
    /// The folded uids that more than one document has.
    private(set) var twins: TreeSet<DocumentID> = []
    private(set) var state = CollectionState()

    /// A document's place in the order of creation; those without a date come first.
    struct Creation: Comparable, Sendable {
        let microseconds: Int64
        let id: DocumentID

        init(_ stored: StoredDocument) {
            microseconds = stored.creationDate?.microseconds ?? .min
            id = stored.id
        }

        static func < (left: Creation, right: Creation) -> Bool {
            left.microseconds == right.microseconds
                ? left.id < right.id : left.microseconds < right.microseconds
        }
    }

    init() {}

    /// Builds the orders in place.
    ///
    /// - Parameters:
    ///   - stored: in the order of their uids, each once.
    ///   - order: the same in the order of creation, if that is known.
    init(loading stored: [StoredDocument], byCreation order: [StoredDocument]? = nil) {
        let (documents, orders) = atOnce({
            TreeDictionary(uniqueKeysWithValues: stored.lazy.map { ($0.id, $0) })
        }) {
            let creations = (order ?? stored).map(Creation.init)
            return (
                uids: SortedIndex(sorted: stored.map(\.id)),
                dates: SortedIndex(sorted: order == nil ? creations.sorted() : creations)
            )
        }
        self.documents = documents
        uids = orders.uids
        dates = orders.dates
        for id in stored.lazy.map(\.id) {
            let folded = id.caseFolded
            if folded != id { folding[folded, default: []].append(id) }
        }
        for folded in folding.keys { noteTwins(folded) }
        for document in stored { state.add(document.id, document.blob) }
    }

    /// Puts `stored` in the place of what has its uid, or takes that out.
    mutating func set(_ stored: StoredDocument?, for id: DocumentID) {
        let old = documents[id]
        documents[id] = stored
        if let old { state.remove(id, old.blob) }
        if let stored { state.add(id, stored.blob) }
        if old?.creationDate != stored?.creationDate || (old == nil) != (stored == nil) {
            if let old { dates.remove(Creation(old)) }
            if let stored { dates.insert(Creation(stored)) }
        }
        guard (old == nil) != (stored == nil) else { return }
        if stored == nil { uids.remove(id) } else { uids.insert(id) }
        let folded = id.caseFolded
        if folded != id {
            let others = (folding[folded] ?? []).filter { $0 != id }
            let all = stored == nil ? others : (others + [id]).sorted()
            folding[folded] = all.isEmpty ? nil : all
        }
        noteTwins(folded)
    }

    /// The uids that become `folded`, in order.
    func family(of folded: DocumentID) -> [DocumentID] {
        // Folding makes letters smaller, but not every one of them sorts behind what it was.
        ((folding[folded] ?? []) + (documents[folded] == nil ? [] : [folded])).sorted()
    }

    private mutating func noteTwins(_ folded: DocumentID) {
        let count = (folding[folded]?.count ?? 0) + (documents[folded] == nil ? 0 : 1)
        if count > 1 { twins.insert(folded) } else { twins.remove(folded) }
    }
}

extension DocumentID {
    /// The same for uids that differ only by case.
    fileprivate var caseFolded: DocumentID {
        let isFolded = text.utf8.allSatisfy { byte in
            byte < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        return isFolded ? self : DocumentID(folding: text.lowercased())
    }
}
