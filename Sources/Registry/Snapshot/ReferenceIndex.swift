internal import HashTreeCollections

/// Who names whom, also where the named document does not exist.
struct ReferenceIndex: Sendable {
    private var referrers: TreeDictionary<DocumentKey, SortedIndex<DocumentKey>> = [:]
    /// The targets that are named and do not exist.
    private(set) var missing: TreeSet<DocumentKey> = []
    /// How many of them devices can list.
    private var missingListed = 0
    /// Whether everything that devices list exists.
    var isComplete: Bool { missingListed == 0 }

    init() {}

    /// Takes what is named for there until ``findMissing(exists:)``.
    ///
    /// - Parameter naming: who names each target, each once.
    init(loading naming: [DocumentKey: [DocumentKey]]) {
        for (target, sources) in naming where !sources.isEmpty {
            referrers[target] = SortedIndex(sorted: sources.sorted())
        }
    }

    mutating func findMissing(exists: (DocumentKey) -> Bool) {
        for target in referrers.keys where !exists(target) { noteMissing(target) }
    }

    private mutating func noteMissing(_ target: DocumentKey) {
        if missing.insert(target).inserted, target.collection.isListed { missingListed += 1 }
    }

    private mutating func forgetMissing(_ target: DocumentKey) {
        if missing.remove(target) != nil, target.collection.isListed { missingListed -= 1 }
    }

    /// Every document that is named, with those that name it.
    var all: some Swift.Collection<(target: DocumentKey, sources: [DocumentKey])> {
        referrers.lazy.map { (target: $0.key, sources: Array($0.value.elements())) }
    }

    /// Who names `target`, in the order of collections and uids.
    func sources(of target: DocumentKey) -> SortedIndex<DocumentKey> {
        referrers[target] ?? SortedIndex()
    }

    /// False where everything that the device `source` lists surely exists.
    func mayMissTargets(of source: DocumentKey) -> Bool {
        guard missingListed > 0 else { return false }
        // Where much is missing, reading the document costs less.
        guard missing.count <= 8 else { return true }
        return missing.contains {
            $0.collection.isListed && (referrers[$0]?.contains(source) ?? false)
        }
    }

    /// Notes that `old` has become `new`, of one key; either may be nil.
    ///
    /// - Parameter said: what `new` says, if it is decoded already.
    mutating func replace(
        _ old: StoredDocument?, by new: StoredDocument?, saying said: (any Document)?,
        exists: (DocumentKey) -> Bool
    ) {
        guard let key = (old ?? new)?.key else { return }
        let before = old?.targets ?? []
        let after = said.map { Set($0.references.lazy.map(\.target)) } ?? new?.targets ?? []
        if before != after { replace(before, by: after, of: key, exists: exists) }
        if old == nil {
            forgetMissing(key)
        } else if new == nil, referrers[key] != nil {
            noteMissing(key)
        }
    }

    private mutating func replace(
        _ before: Set<DocumentKey>, by after: Set<DocumentKey>, of key: DocumentKey,
        exists: (DocumentKey) -> Bool
    ) {
        for target in before where !after.contains(target) {
            referrers[target]?.remove(key)
            if referrers[target]?.isEmpty ?? true {
                referrers[target] = nil
                forgetMissing(target)
            }
        }
        for target in after where !before.contains(target) {
            referrers[target, default: SortedIndex()].insert(key)
            if !exists(target) { noteMissing(target) }
        }
    }
}

extension StoredDocument {
    /// Every document that this one names, each once.
    fileprivate var targets: Set<DocumentKey> {
        guard hasReferences else { return [] }
        let outline = DocumentKind.of(collection)?.outline?(bytes, id)
        return outline.map { Set($0.targets) } ?? Set(content.references.lazy.map(\.target))
    }
}
