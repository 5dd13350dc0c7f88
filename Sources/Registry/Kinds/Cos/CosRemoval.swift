/// The removal of an object, with what belongs to it and every reference to it.
public struct CosRemoval: Sendable {
    private let model: CosModel
    private let id: DocumentID

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
        var changes: [Change] = [.remove(key)]
        let certificate = DocumentKey(.certificates, id)
        if model == .device, snapshot[certificate] != nil { changes.append(.remove(certificate)) }
        changes += snapshot.rewriting(referencesTo: key, by: nil)
        return Edit(changes, subject: "\(key): remove", answer: .removed)
    }
}
