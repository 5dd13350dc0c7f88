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
        if model == .device, key.collection == model.collection {
            // It holds parts of other documents too.
            let fields = (try? fields) ?? .all
            return EntityTag(of: CosRendering(snapshot).device(stored, fields: fields))
        }
        return EntityTag(
            dialect: "cos", version: renderingVersion, [stored.blob], [key.collection.name])
    }
}
