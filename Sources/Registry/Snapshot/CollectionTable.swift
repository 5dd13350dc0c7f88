internal import HashTreeCollections

/// The documents of one collection, by uid and in the orders of lists.
struct CollectionTable: Sendable {
    private(set) var documents: TreeDictionary<DocumentID, StoredDocument> = [:]
    private(set) var uids = SortedIndex<DocumentID>()
    /// Empty in collections whose documents have no date: their order is that of the uids.
    private(set) var dates = SortedIndex<Creation>()
    private(set) var caseFamilies: TreeDictionary<DocumentID, CaseFamily> = [:]
    /// The folded uids of families with more than one member.
    private(set) var twins: TreeSet<DocumentID> = []
    private(set) var state = CollectionState()

    /// A document's place in the order of creation; those without a date come first.
    struct Creation: Comparable, Sendable {
        let date: Timestamp?
        let id: DocumentID

        init(_ stored: StoredDocument) {
            date = stored.content.creationDate
            id = stored.id
        }

        static func < (left: Creation, right: Creation) -> Bool {
            let (leftDate, rightDate) = (left.date?.microseconds, right.date?.microseconds)
            return leftDate == rightDate
                ? left.id < right.id : (leftDate ?? .min) < (rightDate ?? .min)
        }
    }

    /// The uids that differ only by case.
    enum CaseFamily: Sendable {
        case one(DocumentID)
        case several([DocumentID])

        var members: [DocumentID] {
            switch self {
            case .one(let id): [id]
            case .several(let ids): ids
            }
        }
    }

    init() {}

    /// Builds the orders in place.
    init(loading stored: [StoredDocument]) {
        documents = TreeDictionary(uniqueKeysWithValues: stored.lazy.map { ($0.id, $0) })
        uids = SortedIndex(sorted: stored.map(\.id).sorted())
        dates = SortedIndex(sorted: stored.map(Creation.init).sorted())
        for id in uids.elements() { addToFamily(id) }
        for document in stored { state.add(document.id, document.blob) }
    }

    /// Puts `stored` in the place of what has its uid, or takes that out.
    mutating func set(_ stored: StoredDocument?, for id: DocumentID) {
        let old = documents[id]
        documents[id] = stored
        if let old { state.remove(id, old.blob) }
        if let stored { state.add(id, stored.blob) }
        if old?.content.creationDate != stored?.content.creationDate
            || (old == nil) != (stored == nil)
        {
            if let old { dates.remove(Creation(old)) }
            if let stored { dates.insert(Creation(stored)) }
        }
        switch (old, stored) {
        case (nil, _?):
            uids.insert(id)
            addToFamily(id)
        case (_?, nil):
            uids.remove(id)
            removeFromFamily(id)
        default: break
        }
    }

    private mutating func addToFamily(_ id: DocumentID) {
        let folded = id.caseFolded
        guard let family = caseFamilies[folded] else {
            caseFamilies[folded] = .one(id)
            return
        }
        caseFamilies[folded] = .several((family.members + [id]).sorted())
        twins.insert(folded)
    }

    private mutating func removeFromFamily(_ id: DocumentID) {
        let folded = id.caseFolded
        let others = (caseFamilies[folded]?.members ?? []).filter { $0 != id }
        switch others.count {
        case 0: caseFamilies[folded] = nil
        case 1: caseFamilies[folded] = .one(others[0])
        default: caseFamilies[folded] = .several(others)
        }
        if others.count < 2 { twins.remove(folded) }
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
