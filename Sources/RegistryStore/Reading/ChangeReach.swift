public import JSON
public import Registry

/// What a change touches beside the files that it is made of.
public struct ChangeReach: Hashable, Sendable {
    /// A device whose address comes, goes or changes: what monitoring connects to.
    public struct Target: Hashable, Sendable {
        public let device: DocumentID
        public let old: String?
        public let new: String?
    }

    /// The devices that are changed, or use a document that is; by uid.
    public private(set) var devices: [DocumentID]
    public private(set) var targets: [Target]
    /// The rule files that are changed, or that a changed device begins or ceases to use.
    public private(set) var rules: [DocumentKey]

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

    /// What of it somebody may read.
    func part(where mayRead: (DocumentKey) -> Bool) -> ChangeReach {
        var part = self
        part.devices = devices.filter { mayRead(DocumentKey(.devices, $0)) }
        part.targets = targets.filter { mayRead(DocumentKey(.devices, $0.device)) }
        part.rules = rules.filter(mayRead)
        return part
    }
}

extension Collection {
    fileprivate var isRules: Bool { self == .prometheusAlertRules || self == .lokiAlertRules }
}

extension ChangeReach {
    /// The form of API answers.
    public var json: JSONValue {
        [
            "devices": .array(devices.map { .text($0.text) }),
            "targets": .array(
                targets.map { target in
                    [
                        "device": .text(target.device.text),
                        "old": target.old.map { .text($0) } ?? .null,
                        "new": target.new.map { .text($0) } ?? .null,
                    ]
                }),
            "rules": .array(rules.map { .text($0.description) }),
        ]
    }
}
