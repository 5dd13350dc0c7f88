import HTTPTypes
import Hummingbird
import JSON
import Registry

/// Changes when the same documents are rendered in other bytes.
private let renderingVersion = 1

extension CosCall {
    /// The members that `?fields=` asks for; only devices have a choice.
    var fields: DeviceFields {
        get throws(FieldErrors) {
            try DeviceFields(parsing: path.query.last(of: "fields") ?? "")
        }
    }

    /// The tag of a document as GET of its path answers it; nil where there is none.
    func tag(of key: DocumentKey, in snapshot: Snapshot) -> EntityTag? {
        guard let stored = snapshot[key] else { return nil }
        var revisions = [stored.blob]
        var others = [key.collection.name]
        if let device = stored.content as? Device {
            if let certificate = snapshot[DocumentKey(.certificates, key.id)] {
                revisions.append(certificate.blob)
            }
            others += (try? fields.names) ?? []
            others += device.missing(in: snapshot)
        }
        return EntityTag(dialect: "cos", version: renderingVersion, revisions, others)
    }

    /// The tag of the list of all devices.
    var deviceListTag: EntityTag {
        var text = ListText(query: ((try? fields.names) ?? []).joined(separator: ","))
        text.add(snapshot, .devices)
        text.add(snapshot, .certificates)
        for problem in snapshot.problems where problem.rule == .reference {
            text.add(problem.description)
        }
        return text.tag
    }

    /// The tag of a list of dashboards or rule files.
    var listTag: EntityTag {
        var text = ListText(query: model.name)
        text.add(snapshot, model.collection)
        for stored in snapshot.all(in: model.collection) {
            guard let file = stored.content as? RuleFile, file.isTemplate else { continue }
            for device in snapshot.referrers(of: stored.key) { text.add(device.description) }
        }
        return text.tag
    }
}

/// Everything that a list is made from, as bytes to hash.
private struct ListText {
    private var bytes: [UInt8]

    init(query: String) { bytes = Array("cos \(renderingVersion) \(query)\n".utf8) }

    /// Adds which documents a collection has, and what each holds.
    mutating func add(_ snapshot: Snapshot, _ collection: Registry.Collection) {
        for stored in snapshot.all(in: collection) {
            add(stored.id.text)
            bytes += stored.blob.bytes
        }
        add("")
    }

    mutating func add(_ text: String) {
        bytes += text.utf8
        bytes.append(0)
    }

    var tag: EntityTag { EntityTag("\(Revision(blobOf: bytes))") }
}

extension Device {
    /// What its lists name although it is not there; answers leave it out.
    fileprivate func missing(in snapshot: Snapshot) -> [String] {
        DeviceList.allCases.flatMap { list in
            self[list].map { DocumentKey(list.collection, $0) }
                .filter { snapshot[$0] == nil }.map(\.description)
        }
    }
}
