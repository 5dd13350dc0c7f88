internal import JSON
internal import Synchronization

/// The removal of documents with what belongs to them, and every reference to them: the same for all
/// APIs.
struct DocumentRemoval {
    private let snapshot: Snapshot
    private let rewritten: RewrittenDevices
    private var removed: [DocumentKey] = []
    private var seen: Set<DocumentKey> = []

    /// - Parameter rewritten: one for all states that a removal is decided on.
    init(_ snapshot: Snapshot, _ rewritten: RewrittenDevices) {
        self.snapshot = snapshot
        self.rewritten = rewritten
    }

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
        let known = rewritten.all
        let devices = targets.sorted { $0.key.id < $1.key.id }
            .mapInHalves { [snapshot] source, targets -> RewrittenDevices.Device? in
                guard let stored = snapshot[source] else { return nil }
                let device = known[ObjectIdentifier(stored)]
                if let device, device.lost == targets { return device }
                return RewrittenDevices.Device(stored, without: targets)
            }.compactMap(\.self)
        rewritten.keep(devices)
        return removed.map { .remove($0) } + devices.compactMap { $0.result.map { .put($0) } }
    }
}

/// The devices that a removal has rewritten. It is decided twice, and on the newer state only those
/// that have changed meanwhile are rewritten once more.
final class RewrittenDevices: Sendable {
    /// One version of a device, and what it becomes.
    struct Device: Sendable {
        let version: StoredDocument
        /// What it named and names no more.
        let lost: [DocumentKey]
        /// Nil where it stays as it is.
        let result: PreparedDocument?

        init(_ version: StoredDocument, without lost: [DocumentKey]) {
            self.version = version
            self.lost = lost
            guard let device = version.content as? Registry.Device else {
                result = nil
                return
            }
            var other = device
            for target in lost { other.replaceReferences(to: target, by: nil) }
            result = other == device ? nil : other.prepared
        }
    }

    private let devices = Mutex<[ObjectIdentifier: Device]>([:])

    /// By their versions.
    var all: [ObjectIdentifier: Device] { devices.withLock { $0 } }

    func keep(_ rewritten: [Device]) {
        let kept = Dictionary(
            rewritten.lazy.map { (ObjectIdentifier($0.version), $0) },
            uniquingKeysWith: { first, _ in first })
        devices.withLock { $0 = kept }
    }
}
