public import JSON

/// A device as a body of POST, PUT or PATCH asks for it.
public struct DeviceWrite: Sendable {
    private let mode: CosMode
    private let body: Result<Members, FieldErrors>

    private struct Members: Sendable {
        let uid: CosField<DocumentID>
        let address: CosField<Address>
        let key: CosField<String>
        let lists: [DeviceList: CosField<[CosListEntry]>]
    }

    /// Reads a body; what is wrong with it comes out of ``decide(on:now:)``.
    public init(parsing body: JSONValue, mode: CosMode) {
        self.mode = mode
        self.body = Result { () throws(FieldErrors) in
            let members = try FieldErrors.members(of: body)
            return Members(
                uid: CosField(uidOf: members, isRequired: mode.requiresMembers),
                address: CosField(addressOf: members, isRequired: mode.requiresMembers),
                key: CosField("public_ssh_key", of: members, .init(mayBeBlank: true)),
                lists: Dictionary(
                    uniqueKeysWithValues: DeviceList.allCases.map { list in
                        (list, CosField(list, of: members))
                    }))
        }
    }

    /// Decides against a state of the registry.
    public func decide(on snapshot: Snapshot, now: Timestamp) -> Edit<CosOutcome> {
        let stored = mode.target.flatMap { snapshot[DocumentKey(.devices, $0)] }
        if mode.target != nil, stored == nil {
            return .nothing(.notFound(detail: CosModel.device.unknownDetail))
        }
        let members: Members
        switch body {
        case .success(let read): members = read
        case .failure(let errors): return .nothing(.fieldErrors(errors))
        }
        let isTaken =
            members.uid.value.map { id in
                id != mode.target && snapshot.device(id) != nil
            } ?? false
        if isTaken, stored == nil, errors(of: members, isTaken: false, snapshot).isEmpty {
            return .nothing(.duplicate(.device))
        }
        let errors = errors(of: members, isTaken: isTaken, snapshot)
        guard errors.isEmpty else { return .nothing(.fieldErrors(errors)) }
        if let stored, let device = stored.content as? Device {
            return change(stored, device, to: members, snapshot)
        }
        guard let uid = members.uid.value, let address = members.address.value else {
            return .nothing(.fieldErrors(errors))
        }
        var device = Device(
            uid: uid, creationDate: now, address: address,
            publicSSHKey: members.key.value ?? "",
            lists: members.lists.compactMapValues { $0.value?.compactMap(\.id) },
            region: snapshot.settings.defaultRegion)
        if let cloud = snapshot.defaultCloud { device.setCraton("cloud", .text(cloud.text)) }
        return register(device, snapshot)
    }

    private func errors(
        of members: Members, isTaken: Bool, _ snapshot: Snapshot
    ) -> FieldErrors {
        var errors = FieldErrors()
        errors.add(isTaken ? [CosModel.device.takenMessage] : members.uid.messages, to: "uid")
        errors.add(members.address.messages, to: "address")
        errors.add(members.key.messages, to: "public_ssh_key")
        for list in DeviceList.allCases {
            let field = members.lists[list] ?? .absent
            let unknown = field.value?.first { entry in
                entry.id.flatMap { snapshot[DocumentKey(list.collection, $0)] } == nil
            }
            errors.add(
                unknown.map { ["Object with uid=\($0.text) does not exist."] } ?? field.messages,
                to: list.rawValue)
        }
        return errors
    }

    private func register(_ device: Device, _ snapshot: Snapshot) -> Edit<CosOutcome> {
        // What belonged to a device that is gone belongs to nobody, least of all to its successor.
        let orphans = [DocumentKey(.certificates, device.uid), device.key.variablesKey]
            .compactMap { $0 }.filter { snapshot[$0] != nil }
        return Edit(
            [.put(device.prepared)] + orphans.map { .remove($0) },
            subject: "\(device.key): register", answer: .done(device.key))
    }

    private func change(
        _ stored: StoredDocument, _ old: Device, to members: Members, _ snapshot: Snapshot
    ) -> Edit<CosOutcome> {
        var device = old
        if let address = members.address.value { device.setAddress(address) }
        if let key = members.key.value { device.setPublicSSHKey(key) }
        for (list, field) in members.lists {
            guard let ids = field.value?.compactMap(\.id) else { continue }
            // Entries that name nothing are not shown, so who sends back what it read leaves them.
            let shown = snapshot.existing(old[list], in: list.collection)
            if Set(ids) != Set(shown) { device.setList(list, ids) }
        }
        if let uid = members.uid.value, uid != old.uid {
            return snapshot.rename(device, to: uid)
        }
        guard device != old || stored.isLastGood else { return .nothing(.done(old.key)) }
        let verb = mode.requiresMembers ? "replace" : "change"
        return Edit(
            [.put(device.prepared)], subject: "\(old.key): \(verb)", answer: .done(old.key))
    }
}

extension Snapshot {
    /// Those of `ids` that a document of the collection has.
    func existing(_ ids: [DocumentID], in collection: Collection) -> [DocumentID] {
        ids.filter { self[DocumentKey(collection, $0)] != nil }
    }

    /// Moves a device with its certificate, and everything that names it.
    fileprivate func rename(_ device: Device, to uid: DocumentID) -> Edit<CosOutcome> {
        let old = device.key
        var renamed = device
        renamed.rename(to: uid)
        if let alias = cratonAlias(of: old) {
            renamed.setCraton("id", .number(JSONNumber(alias)))
        }
        renamed.replaceReferences(to: old, by: uid)
        var changes: [Change] = [.remove(old), .put(renamed.prepared)]
        if let certificate = certificate(old.id) {
            changes.append(.remove(certificate.key))
            changes.append(.put(certificate.moved(to: uid).prepared))
        } else if self[DocumentKey(.certificates, uid)] != nil {
            changes.append(.remove(DocumentKey(.certificates, uid)))
        }
        if let variables = old.variablesKey, self[variables] != nil {
            changes.append(.remove(variables))
        }
        if let moved = variables(of: old).moved(to: renamed.key).change(on: self) {
            changes.append(moved)
        }
        changes += rewriting(referencesTo: old, by: uid)
        return Edit(
            changes, subject: "\(old): rename to \(uid)", answer: .done(renamed.key))
    }

    /// Every other document that names the target, changed to name `replacement`.
    private func rewriting(
        referencesTo target: DocumentKey, by replacement: DocumentID
    ) -> [Change] {
        referrers(of: target).compactMap { source in
            guard source != target else { return nil }
            switch self[source]?.content {
            case var device as Device:
                device.replaceReferences(to: target, by: replacement)
                return .put(device.prepared)
            case let resource as CratonResource:
                return resource.replacingReferences(to: target, by: replacement).map(Change.put)
            default: return nil
            }
        }
    }
}

extension Device {
    var prepared: PreparedDocument { PreparedDocument(key, content: self, bytes: bytes()) }
}
