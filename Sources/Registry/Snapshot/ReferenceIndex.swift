internal import HashTreeCollections

/// Who names whom, also where the named document does not exist.
struct ReferenceIndex: Sendable {
    private var referrers: TreeDictionary<DocumentKey, SortedIndex<DocumentKey>> = [:]
    /// The targets that are named and do not exist.
    private(set) var missing: TreeSet<DocumentKey> = []
    /// Whether everything that is named exists.
    var isComplete: Bool { missing.isEmpty }

    init() {}

    /// - Parameter naming: who names each target, each once.
    init(loading naming: [DocumentKey: [DocumentKey]], exists: (DocumentKey) -> Bool) {
        for (target, sources) in naming {
            referrers[target] = SortedIndex(sorted: sources.sorted())
            if !exists(target) { missing.insert(target) }
        }
    }

    /// Every document that is named, with those that name it.
    var all: some Swift.Collection<(target: DocumentKey, sources: [DocumentKey])> {
        referrers.lazy.map { (target: $0.key, sources: Array($0.value.elements())) }
    }

    /// Who names `target`, in the order of collections and uids.
    func sources(of target: DocumentKey) -> SortedIndex<DocumentKey> {
        referrers[target] ?? SortedIndex()
    }

    /// False where everything that `source` names surely exists.
    func mayMissTargets(of source: DocumentKey) -> Bool {
        guard !missing.isEmpty else { return false }
        // Where much is missing, reading the document costs less.
        guard missing.count <= 8 else { return true }
        return missing.contains { referrers[$0]?.contains(source) ?? false }
    }

    /// Notes that `old` has become `new`, of one key; either may be nil.
    mutating func replace(
        _ old: StoredDocument?, by new: StoredDocument?, exists: (DocumentKey) -> Bool
    ) {
        guard let key = (old ?? new)?.key else { return }
        let (before, after) = (old?.targets ?? [], new?.targets ?? [])
        if before != after { replace(before, by: after, of: key, exists: exists) }
        if old == nil {
            missing.remove(key)
        } else if new == nil, referrers[key] != nil {
            missing.insert(key)
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
                missing.remove(target)
            }
        }
        for target in after where !before.contains(target) {
            referrers[target, default: SortedIndex()].insert(key)
            if !exists(target) { missing.insert(target) }
        }
    }
}

extension StoredDocument {
    /// Every document that this one names, each once.
    fileprivate var targets: Set<DocumentKey> {
        hasReferences ? Set(content.references.lazy.map(\.target)) : []
    }
}
