import HTTPTypes
import Hummingbird
import JSON
import Registry

/// Stands in every tag; changes when the same documents are rendered in other bytes.
private let renderingVersion = "cos2"

extension CosCall {
    /// The members that `?fields=` asks for; only devices have a choice.
    var fields: DeviceFields {
        get throws(FieldErrors) {
            if path.query.isEmpty { return .all }
            return try DeviceFields(parsing: path.query.last(of: "fields") ?? "")
        }
    }

    /// The tag of a document as GET of its path answers it; nil where there is none.
    func tag(of key: DocumentKey, in snapshot: Snapshot) -> EntityTag? {
        guard let stored = snapshot[key] else { return nil }
        if model == .device, key.collection == model.collection {
            return tag(ofDevice: stored, in: snapshot, (try? fields) ?? .all)
        }
        return EntityTag("\(stored.blob)-\(renderingVersion)")
    }

    /// The tag of a device, whose answer also shows its certificate, and of what it names only what
    /// is there.
    func tag(
        ofDevice stored: StoredDocument, in snapshot: Snapshot, _ fields: DeviceFields
    ) -> EntityTag {
        var tag = "\(stored.blob)-\(renderingVersion)"
        if fields != .all { tag += "-f\(fields.bits)" }
        if fields.contains(.certificate),
            let certificate = snapshot[DocumentKey(.certificates, stored.id)]
        {
            tag += "-c\(certificate.blob)"
        }
        for place in snapshot.missingTargets(of: stored) { tag += "-m\(place)" }
        return EntityTag(tag)
    }

    /// The tag of a list, known without its bytes.
    func tag(of list: CosList, _ fields: DeviceFields = .all) -> EntityTag {
        var bytes: [UInt8] = [UInt8(truncatingIfNeeded: fields.bits), UInt8(fields.bits >> 8)]
        for word in list.version {
            withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
        }
        return EntityTag("\(Revision(blobOf: bytes))-\(renderingVersion)")
    }
}
