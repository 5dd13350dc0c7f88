/// What somebody may do because they are a device: about its own document, and nothing else.
struct DeviceClaim: Sendable {
    /// Which device it is, where that was proved.
    private let id: DocumentID?
    /// The address of every device that it can be, where only that is known.
    private let address: String?
    /// Whether it may do what an agent does before and beside its registration: look at dashboards
    /// and rule files by name, add its own, and change those that no other device uses.
    private let isAgent: Bool

    /// A device that has proved which one it is.
    init(of id: DocumentID) {
        self.id = id
        address = nil
        isAgent = false
    }

    /// What comes from this address, or with this device's certificate.
    init(at address: String?, device: DocumentID?) {
        id = device
        self.address = address
        isAgent = true
    }

    /// Whether the device, as it is registered, is the caller.
    func owns(_ id: DocumentID, in snapshot: Snapshot) -> Bool {
        id == self.id || snapshot.device(id).map { isAt($0.address) } ?? false
    }

    /// Whether a device is registered where the caller is; a host name says nothing.
    private func isAt(_ registered: String) -> Bool {
        guard let address else { return false }
        return AddressBlock(registered)?.contains(address) ?? false
    }

    /// What is known before the change itself is.
    func allows(_ right: AccessRight, _ place: AccessPlace, _ snapshot: Snapshot) -> Bool {
        switch (right, place) {
        case (.read, .document(let key)): mayRead(key, snapshot)
        case (.write, .document(let key)): mayAskToChange(key, snapshot)
        case (.write, .collections(let all)):
            all.allSatisfy { $0 == .devices || isAgent && $0.isListed }
        case (.read, .somewhere), (.write, .somewhere): true
        default: false
        }
    }

    private func mayRead(_ key: DocumentKey, _ snapshot: Snapshot) -> Bool {
        switch key.collection {
        case .devices, .certificates, .deviceVariables:
            if owns(key.id, in: snapshot) || isAgent && isUnknown(key.id, snapshot) { return true }
        case _ where key.collection.isListed && isAgent: return true
        default: break
        }
        // What its own document names.
        guard let id, let device = snapshot.device(id) else { return false }
        return device.references.contains { $0.target == key }
    }

    private func mayAskToChange(_ key: DocumentKey, _ snapshot: Snapshot) -> Bool {
        switch key.collection {
        case .devices, .certificates:
            owns(key.id, in: snapshot) || isAgent && isUnknown(key.id, snapshot)
        default: isAgent && key.collection.isListed
        }
    }

    /// An agent that was not registered yet is told so; whether a uid is taken it would learn anyway.
    private func isUnknown(_ device: DocumentID, _ snapshot: Snapshot) -> Bool {
        snapshot[DocumentKey(.devices, device)] == nil
    }

    /// Whether the device may make this change.
    ///
    /// - Parameter cascade: what else the same edit removes.
    func allows(_ change: Change, _ cascade: Cascade, _ snapshot: Snapshot) -> Bool {
        if cascade.follows(change, snapshot, where: { owns($0, in: snapshot) }) { return true }
        switch change {
        case .remove(let key): return key.collection == .devices && owns(key.id, in: snapshot)
        case .put(let document): return allows(document, snapshot)
        }
    }

    private func allows(_ document: PreparedDocument, _ snapshot: Snapshot) -> Bool {
        let key = document.key
        switch document.content {
        case let device as Device:
            if snapshot[key] != nil { return owns(key.id, in: snapshot) }
            return key.id == id || isAt(device.address)
        case let certificate as Certificate:
            // It asks; somebody else signs.
            return owns(key.id, in: snapshot) && certificate.isOnlyRequest
        case _ where isAgent && key.collection.isListed:
            guard snapshot[key] != nil else { return true }
            let users = snapshot.referrers(of: key, limit: Self.usersLimit + 1)
            return (1...Self.usersLimit).contains(users.count)
                && users.allSatisfy { $0.collection == .devices && owns($0.id, in: snapshot) }
        default: return false
        }
    }

    /// No machine runs more devices than this.
    private static let usersLimit = 100
}

/// What goes with devices that are removed or renamed: whoever may do that may do this.
struct Cascade {
    private let removed: Set<DocumentKey>

    init(of changes: [Change]) {
        removed = Set(
            changes.compactMap { change in
                if case .remove(let key) = change { key } else { nil }
            })
    }

    /// Whether `change` is part of taking a device out, or of giving it another uid.
    func follows(
        _ change: Change, _ snapshot: Snapshot, where isOwn: (DocumentID) -> Bool = { _ in true }
    ) -> Bool {
        let key = change.key
        switch (change, key.collection) {
        case (.remove, .certificates), (.remove, .deviceVariables):
            let device = DocumentKey(.devices, key.id)
            // What a device left behind is nobody's; whoever registers it anew clears it away.
            return snapshot[device] == nil || removed.contains(device) && isOwn(key.id)
        case (.remove, .cratonInterfaces):
            let owners = snapshot[key]?.content.references.map(\.target) ?? []
            return owners.contains {
                $0.collection == .devices && removed.contains($0) && isOwn($0.id)
            }
        case (.put(let document), .certificates), (.put(let document), .deviceVariables):
            return removed.contains {
                $0.collection == .devices && isOwn($0.id)
                    && snapshot[DocumentKey(key.collection, $0.id)]?.blob == document.blob
            }
        default: return false
        }
    }
}

extension Certificate {
    /// Whether nobody has answered it.
    fileprivate var isOnlyRequest: Bool {
        status == .pending && certificate.isEmpty && ca.isEmpty && chain.isEmpty
    }
}
