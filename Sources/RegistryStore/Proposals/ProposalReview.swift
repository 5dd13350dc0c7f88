public import Registry

/// What a proposal would do to the served branch as it is now, or what it has done.
public struct ProposalReview: Sendable {
    /// One file that it changes.
    public struct FileChange: Sendable {
        public let path: String
        /// The served content; nil where there is none.
        public let old: [UInt8]?
        /// The content after the merge; nil where there is none.
        public let new: [UInt8]?
    }

    /// The newest of its commits, the newest first.
    public let commits: [HistoryEntry]
    /// How many commits it brings, listed or not.
    public let commitCount: Int
    /// The first of the files that it changes, by path.
    public let changes: [FileChange]
    /// Every path that it changes, in order.
    public let paths: [String]
    /// Where both sides changed one place; the served side is what ``changes`` show there.
    public let conflicts: [MergeConflict]
    /// The errors that the registry would have and has not now.
    public let problems: [Problem]
    /// The registry as it would be.
    public let preview: Snapshot
    public let reach: ProposalReach

    /// Whether the merge button works.
    public var isMergeable: Bool { conflicts.isEmpty && problems.isEmpty }
}

/// What a proposal touches beside the files that it changes.
public struct ProposalReach: Hashable, Sendable {
    /// A device whose address comes, goes or changes: what monitoring connects to.
    public struct Target: Hashable, Sendable {
        public let device: DocumentID
        public let old: String?
        public let new: String?
    }

    /// The devices that are changed, or use a document that is; by uid.
    public let devices: [DocumentID]
    public let targets: [Target]
    /// The rule files that are changed, or that a changed device begins or ceases to use.
    public let rules: [DocumentKey]

    init(_ keys: Set<DocumentKey>, from old: Snapshot, to new: Snapshot) {
        var devices: Set<DocumentID> = []
        var rules: Set<DocumentKey> = []
        var targets: [Target] = []
        for key in keys {
            for snapshot in [old, new] {
                devices.formUnion(
                    snapshot.referrers(of: key).filter { $0.collection == .devices }.map(\.id))
            }
            if key.collection.isRules { rules.insert(key) }
            guard key.collection == .devices else { continue }
            devices.insert(key.id)
            let addresses = (old.device(key.id)?.address, new.device(key.id)?.address)
            if addresses.0 != addresses.1 {
                targets.append(Target(device: key.id, old: addresses.0, new: addresses.1))
            }
            let used = [old, new].map { Set($0[key]?.content.references.map(\.target) ?? []) }
            rules.formUnion(used[0].symmetricDifference(used[1]).filter(\.collection.isRules))
        }
        self.devices = devices.sorted()
        self.targets = targets.sorted { $0.device < $1.device }
        self.rules = rules.sorted()
    }
}

extension Collection {
    fileprivate var isRules: Bool { self == .prometheusAlertRules || self == .lokiAlertRules }
}
