public import JSON

/// The JSON that the COS dialect answers with, made from one snapshot.
public struct CosRendering: Sendable {
    let shared: SharedSnapshot
    var snapshot: Snapshot { shared.snapshot }

    public init(_ shared: SharedSnapshot) { self.shared = shared }

    public init(_ snapshot: Snapshot) { self.init(SharedSnapshot(snapshot)) }

    /// A device as compact JSON: the nine members, or those that `fields` names.
    ///
    /// Entries of lists that name nothing are left out.
    public func device(_ stored: StoredDocument, fields: DeviceFields = .all) -> [UInt8] {
        var bytes: [UInt8] = []
        write(stored, fields, to: &bytes)
        return bytes
    }

    /// The members of GET certificate; those of PATCH too where `withUpdate`.
    public func certificate(_ certificate: Certificate, withUpdate: Bool = false) -> JSONValue {
        var object = JSONObject()
        for name in ["status", "csr", "certificate", "ca", "chain"] as [JSONString] {
            object[name] = certificate.value[name]
        }
        if withUpdate { object["updated_at"] = certificate.value["updated_at"] }
        return .object(object)
    }

    /// A dashboard or a rule file as POST, PUT and PATCH answer it; nil where there is none.
    public func object(_ key: DocumentKey) -> JSONValue? {
        switch snapshot[key]?.content {
        case let dashboard as Dashboard: self.dashboard(key.id, dashboard)
        case let file as RuleFile: ruleFile(key.id, file)
        default: nil
        }
    }

    /// `{"uid", "dashboard"}`
    func dashboard(_ id: DocumentID, _ dashboard: Dashboard) -> JSONValue {
        ["uid": .text(id.text), "dashboard": dashboard.value]
    }

    /// `{"uid", "rules", "template"}`, the text not rendered.
    private func ruleFile(_ id: DocumentID, _ ruleFile: RuleFile) -> JSONValue {
        [
            "uid": .text(id.text), "rules": .text(ruleFile.text),
            "template": .bool(ruleFile.isTemplate),
        ]
    }

    /// `{"uid", "rules"}` of a template, rendered for a device; a rule file that is none has no
    /// device.
    func ruleFile(_ id: DocumentID, _ file: RuleFile, for device: DocumentID?) -> JSONValue {
        guard let device else { return ruleFile(id, file) }
        return ["uid": .text("\(id)/\(device)"), "rules": .text(file.rendered(for: device))]
    }

    /// The members of a device that `fields` names.
    func object(_ stored: StoredDocument, _ fields: DeviceFields) -> JSONValue {
        guard let device = stored.content as? Device else { return [:] }
        return .object(
            JSONObject(fields.names.map { (JSONString($0), member($0, of: device)) }))
    }

    private func member(_ name: String, of device: Device) -> JSONValue {
        if let list = DeviceList(rawValue: name) {
            return .ids(snapshot.existing(device[list], in: list.collection))
        }
        return switch name {
        case "uid": .text(device.uid.text)
        case "creation_date": (device.creationDate?.description).map { .text($0) } ?? .null
        case "address": .text(device.address)
        case "public_ssh_key": .text(device.publicSSHKey)
        default: certificateValue(of: device.uid)
        }
    }

    func certificateValue(of device: DocumentID) -> JSONValue {
        snapshot.certificate(device).map { .object($0.value) } ?? .null
    }
}
