public import JSON

/// The JSON that the COS dialect answers with, made from one snapshot.
public struct CosRendering: Sendable {
    private let snapshot: Snapshot

    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// A device as an object of the nine members, or of those that `fields` names.
    ///
    /// Entries of lists that name nothing are left out.
    public func device(_ device: Device, fields: DeviceFields = .all) -> JSONValue {
        var object = JSONObject()
        for name in fields.names {
            object[JSONString(name)] = member(name, of: device)
        }
        return .object(object)
    }

    /// The array of all devices, oldest first, as compact JSON.
    public func devices(fields: DeviceFields = .all) -> [UInt8] {
        array { append in
            for stored in snapshot.all(in: .devices) {
                if let device = stored.content as? Device {
                    append(self.device(device, fields: fields))
                }
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

    /// `{"uid", "dashboard"}`
    public func dashboard(_ id: DocumentID, _ dashboard: Dashboard) -> JSONValue {
        ["uid": .text(id.text), "dashboard": dashboard.value]
    }

    /// The array of all dashboards of one kind, as compact JSON.
    public func dashboards(_ model: CosModel) -> [UInt8] {
        array { append in
            for stored in snapshot.all(in: model.collection) {
                guard let dashboard = stored.content as? Dashboard else { continue }
                append(self.dashboard(stored.id, dashboard))
            }
        }
    }

    /// `{"uid", "rules", "template"}`, the text not rendered.
    public func ruleFile(_ id: DocumentID, _ ruleFile: RuleFile) -> JSONValue {
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
                    append(ruleFile(stored.id, file))
                }
            }
            for (id, file) in templates {
                for source in snapshot.referrers(of: DocumentKey(model.collection, id))
                where source.collection == .devices {
                    append([
                        "uid": .text("\(id)/\(source.id)"),
                        "rules": .text(file.rendered(for: source.id)),
                    ])
                }
            }
        }
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
        default: snapshot.certificate(device.uid).map { .object($0.value) } ?? .null
        }
    }

    private func array(_ fill: ((JSONValue) -> Void) -> Void) -> [UInt8] {
        var bytes = [UInt8(ascii: "[")]
        fill { element in
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            element.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }
}
