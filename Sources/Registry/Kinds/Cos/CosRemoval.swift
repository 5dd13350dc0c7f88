/// The removal of an object, with what belongs to it and every reference to it.
public struct CosRemoval: Sendable {
    private let model: CosModel
    private let id: DocumentID
    private let rewritten = RewrittenDevices()

    public init(_ model: CosModel, _ id: DocumentID) {
        self.model = model
        self.id = id
    }

    /// Decides against a state of the registry; the whole cascade is one edit.
    public func decide(on snapshot: Snapshot) -> Edit<CosOutcome> {
        let key = DocumentKey(model.collection, id)
        guard snapshot[key] != nil else {
            return .nothing(.notFound(detail: model.unknownDetail))
        }
        var removal = DocumentRemoval(snapshot, rewritten)
        removal.remove(key)
        return Edit(removal.changes, subject: "\(key): remove", answer: .removed)
    }
}
