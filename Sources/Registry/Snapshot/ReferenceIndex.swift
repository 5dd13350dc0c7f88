internal import HashTreeCollections

/// Who names whom, also where the named document does not exist.
struct ReferenceIndex: Sendable {
    private var referrers: TreeDictionary<DocumentKey, SortedIndex<DocumentKey>> = [:]
    /// The targets that are named and do not exist.
    private(set) var missing: TreeSet<DocumentKey> = []
    /// Whether everything that is named exists.
    var isComplete: Bool { missing.isEmpty }

    init() {}

    /// - Parameter documents: all of them, each key once.
    init(loading documents: [StoredDocument], exists: (DocumentKey) -> Bool) {
        var naming: [DocumentKey: [DocumentKey]] = [:]
        for stored in documents {
            for target in stored.targets { naming[target, default: []].append(stored.key) }
        }
        for (target, sources) in naming {
            referrers[target] = SortedIndex(sorted: sources.sorted())
            if !exists(target) { missing.insert(target) }
        }
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
    fileprivate var targets: Set<DocumentKey> { Set(content.references.lazy.map(\.target)) }
}
