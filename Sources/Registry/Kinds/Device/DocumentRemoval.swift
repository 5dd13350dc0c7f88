internal import JSON

/// The removal of documents with what belongs to them, and every reference to them: the same for all
/// APIs.
struct DocumentRemoval {
    private let snapshot: Snapshot
    private var removed: [DocumentKey] = []
    private var seen: Set<DocumentKey> = []

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Takes a document out; a device goes with its certificate, variables and interfaces.
    mutating func remove(_ key: DocumentKey) {
        guard snapshot[key] != nil, seen.insert(key).inserted else { return }
        removed.append(key)
        if let variables = key.variablesKey { remove(variables) }
        guard key.collection == .devices else { return }
        remove(DocumentKey(.certificates, key.id))
        for referrer in snapshot.referrers(of: key) where referrer.collection == .cratonInterfaces {
            remove(referrer)
        }
    }

    /// What is removed, and what named it and stays, without the reference.
    var changes: [Change] {
        var targets: [DocumentKey: [DocumentKey]] = [:]
        for key in removed {
            for source in snapshot.referrers(of: key) where !seen.contains(source) {
                targets[source, default: []].append(key)
            }
        }
        let changed = targets.sorted { $0.key.id < $1.key.id }
            .mapInHalves { [snapshot] source, targets -> PreparedDocument? in
                guard let device = snapshot[source]?.content as? Device else { return nil }
                var other = device
                for target in targets { other.replaceReferences(to: target, by: nil) }
                return other == device ? nil : other.prepared
            }
        return removed.map { .remove($0) } + changed.compactMap { $0.map { .put($0) } }
    }
}
