public import JSON

/// The JSON that the COS dialect answers with, made from one snapshot.
public struct CosRendering: Sendable {
    private let snapshot: Snapshot

    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// A device as compact JSON: the nine members, or those that `fields` names.
    ///
    /// Entries of lists that name nothing are left out.
    public func device(_ stored: StoredDocument, fields: DeviceFields = .all) -> [UInt8] {
        var bytes: [UInt8] = []
        write(stored, fields, to: &bytes)
        return bytes
    }

    /// The array of all devices, oldest first, as compact JSON.
    public func devices(fields: DeviceFields = .all) -> [UInt8] {
        array { append in
            for stored in snapshot.all(in: .devices) {
                append { write(stored, fields, to: &$0) }
            }
        }
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

    /// The array of all dashboards of one kind, as compact JSON.
    public func dashboards(_ model: CosModel) -> [UInt8] {
        array { append in
            for stored in snapshot.all(in: model.collection) {
                guard let dashboard = stored.content as? Dashboard else { continue }
                append { self.dashboard(stored.id, dashboard).write(to: &$0) }
            }
        }
    }

    /// `{"uid", "dashboard"}`
    private func dashboard(_ id: DocumentID, _ dashboard: Dashboard) -> JSONValue {
        ["uid": .text(id.text), "dashboard": dashboard.value]
    }

    /// `{"uid", "rules", "template"}`, the text not rendered.
    private func ruleFile(_ id: DocumentID, _ ruleFile: RuleFile) -> JSONValue {
        [
            "uid": .text(id.text), "rules": .text(ruleFile.text),
            "template": .bool(ruleFile.isTemplate),
        ]
    }

    /// The array of every rule file that is no template, then of every template rendered for each
    /// device that lists it, as compact JSON.
    public func ruleFiles(_ model: CosModel) -> [UInt8] {
        array { append in
            var templates: [(id: DocumentID, file: RuleFile)] = []
            for stored in snapshot.all(in: model.collection) {
                guard let file = stored.content as? RuleFile else { continue }
                if file.isTemplate {
                    templates.append((stored.id, file))
                } else {
                    append { ruleFile(stored.id, file).write(to: &$0) }
                }
            }
            for (id, file) in templates {
                for source in snapshot.referrers(of: DocumentKey(model.collection, id))
                where source.collection == .devices {
                    let rendered: JSONValue = [
                        "uid": .text("\(id)/\(source.id)"),
                        "rules": .text(file.rendered(for: source.id)),
                    ]
                    append { rendered.write(to: &$0) }
                }
            }
        }
    }

    private func array(_ fill: ((_ element: (inout [UInt8]) -> Void) -> Void) -> Void) -> [UInt8] {
        var bytes = [UInt8(ascii: "[")]
        fill { element in
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            element(&bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }
}

// A device without its certificate changes with the device alone, as long as all that it names is
// there, and a certificate by itself. So both are kept as they were written first.
extension CosRendering {
    private func write(
        _ stored: StoredDocument, _ fields: DeviceFields, to bytes: inout [UInt8]
    ) {
        guard fields == .all, isComplete(stored) else {
            object(stored, fields.names).write(to: &bytes)
            return
        }
        bytes += stored.rendition("cos device") {
            Array(object(stored, DeviceFields.all.names.dropLast()).compactBytes().dropLast())
        }
        bytes += ",\"certificate\":".utf8
        bytes += certificate(of: stored.id)
        bytes.append(UInt8(ascii: "}"))
    }

    private func certificate(of device: DocumentID) -> [UInt8] {
        guard let stored = snapshot[DocumentKey(.certificates, device)] else {
            return Array("null".utf8)
        }
        return stored.rendition("cos device") { certificateValue(of: device).compactBytes() }
    }

    /// Whether everything that a device names is there.
    private func isComplete(_ stored: StoredDocument) -> Bool {
        snapshot.references.isComplete
            || !stored.content.references.contains { snapshot[$0.target] == nil }
    }

    private func object(_ stored: StoredDocument, _ names: some Sequence<String>) -> JSONValue {
        guard let device = stored.content as? Device else { return [:] }
        return .object(JSONObject(names.map { (JSONString($0), member($0, of: device)) }))
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

    private func certificateValue(of device: DocumentID) -> JSONValue {
        snapshot.certificate(device).map { .object($0.value) } ?? .null
    }
}
