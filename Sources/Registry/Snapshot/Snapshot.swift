internal import HashTreeCollections

/// The registry at one commit: a value, whose copies share nearly everything.
public struct Snapshot: Sendable {
    /// The commit; nil before the first one, and for states that no commit has.
    public package(set) var commit: Revision?
    /// The commit's tree.
    public package(set) var tree: Revision?
    /// The files whose edits nobody has committed and that are served as they are now.
    public package(set) var uncommittedPaths: [String] = []
    public internal(set) var settings: RegistrySettings
    public internal(set) var layout: FileLayout
    /// The last good `policy.json`; nil where there is none.
    var ownPolicy: Policy?

    var tables: [Collection: CollectionTable] = [:]
    var references = ReferenceIndex()
    var craton = CratonIndex()
    /// Every file of those documents that have more than one, or an invalid one.
    var irregular: TreeDictionary<DocumentKey, [FilePath: FileContent]> = [:]
    var misspelled: TreeDictionary<FilePath, String> = [:]
    /// Why `registry.json` is not what ``settings`` say.
    var settingsProblem: InvalidDocument?
    /// Why `policy.json` is not what ``policy`` says.
    var policyProblem: InvalidDocument?
    /// How many documents' files each folder holds.
    var folderCounts: TreeDictionary<FilePath, Int> = [:]
    let cache: DerivedCache

    /// A registry without documents.
    public init(settings: RegistrySettings = RegistrySettings()) {
        self.init(settings: settings, cache: DerivedCache())
    }

    /// - Parameter cache: has the source of large documents.
    package init(settings: RegistrySettings, cache: DerivedCache) {
        self.settings = settings
        self.cache = cache
        layout = settings.layout
        for kind in DocumentKind.all { tables[kind.collection] = CollectionTable() }
    }
}

extension Snapshot {
    /// How lists are ordered.
    public enum Order: Hashable, Sendable {
        /// By creation date, then by uid; documents without a date by uid.
        case creation
        /// By code point.
        case uid
    }

    public subscript(key: DocumentKey) -> StoredDocument? {
        tables[key.collection]?.documents[key.id]
    }

    /// Who may do what.
    public var policy: Policy { ownPolicy ?? .standard }

    public func device(_ id: DocumentID) -> Device? {
        self[DocumentKey(.devices, id)]?.content as? Device
    }

    /// A Grafana or Foxglove dashboard.
    public func dashboard(_ key: DocumentKey) -> Dashboard? { self[key]?.content as? Dashboard }

    /// A Prometheus or Loki rule file.
    public func ruleFile(_ key: DocumentKey) -> RuleFile? { self[key]?.content as? RuleFile }

    /// The certificate of a device.
    public func certificate(_ device: DocumentID) -> Certificate? {
        self[DocumentKey(.certificates, device)]?.content as? Certificate
    }

    public func count(of collection: Collection) -> Int {
        tables[collection]?.documents.count ?? 0
    }

    /// Equal for equal documents: what is made from the collection alone changes with this alone.
    public func state(of collection: Collection) -> CollectionState {
        tables[collection]?.state ?? CollectionState()
    }

    /// The documents of a collection from the one with `offset` others before it, at most `limit`.
    public func documents(
        in collection: Collection, order: Order = .creation, offset: Int = 0, limit: Int
    ) -> [StoredDocument] {
        Array(all(in: collection, order: order, offset: offset).prefix(max(limit, 0)))
    }

    /// Every document of a collection, read as the sequence goes on.
    public func all(
        in collection: Collection, order: Order = .creation, offset: Int = 0
    ) -> some Sequence<StoredDocument> {
        DocumentSequence(
            table: tables[collection] ?? CollectionTable(), order: order, offset: offset)
    }

    /// How many documents come before this one; nil when there is none of this key.
    public func rank(of key: DocumentKey, order: Order = .creation) -> Int? {
        guard let table = tables[key.collection], let stored = table.documents[key.id] else {
            return nil
        }
        return switch order {
        case .creation: table.dates.rank(of: CollectionTable.Creation(stored))
        case .uid: table.uids.rank(of: key.id)
        }
    }

    /// How many documents come before one behind `id`, by uid; `id` need not be there.
    public func place(behind id: DocumentID, in collection: Collection) -> Int {
        guard let uids = tables[collection]?.uids else { return 0 }
        return uids.rank(of: id) + (uids.contains(id) ? 1 : 0)
    }

    /// Up to `count` documents right before, and up to as many right behind, the one of this key.
    public func neighbours(
        of key: DocumentKey, order: Order = .creation, count: Int
    ) -> (before: [StoredDocument], after: [StoredDocument]) {
        guard let rank = rank(of: key, order: order) else { return ([], []) }
        let first = max(0, rank - count)
        return (
            documents(in: key.collection, order: order, offset: first, limit: rank - first),
            documents(in: key.collection, order: order, offset: rank + 1, limit: count)
        )
    }

    /// Who names this document, which need not exist; by collection and uid.
    public func referrers(of key: DocumentKey) -> [DocumentKey] {
        Array(references.sources(of: key).elements())
    }

    /// The first of those.
    public func referrers(of key: DocumentKey, limit: Int) -> [DocumentKey] {
        Array(references.sources(of: key).elements().prefix(max(0, limit)))
    }

    public func referrerCount(of key: DocumentKey) -> Int { references.sources(of: key).count }
}

/// The documents of a table in one of its orders.
private struct DocumentSequence: Sequence, IteratorProtocol {
    private let table: CollectionTable
    private var uids: SortedSequence<DocumentID>?
    private var dates: SortedSequence<CollectionTable.Creation>?

    init(table: CollectionTable, order: Snapshot.Order, offset: Int) {
        self.table = table
        switch order {
        case .creation: dates = table.dates.elements(from: offset)
        case .uid: uids = table.uids.elements(from: offset)
        }
    }

    mutating func next() -> StoredDocument? {
        (dates?.next()?.id ?? uids?.next()).flatMap { table.documents[$0] }
    }
}
