/// How a write of the Craton API ended.
public enum CratonOutcome: Hashable, Sendable {
    /// The item is as asked for; read it from the snapshot of the answer.
    case created(DocumentKey)
    case changed(DocumentKey)
    /// Also where there was nothing to remove.
    case removed(users: [DocumentID])
    case refused(CratonRefusal)

    public var isSuccess: Bool { if case .refused = self { false } else { true } }
}

/// Gives out the integers of new items.
public protocol CratonNumbers: Sendable {
    /// The next number of a sequence, greater than any that was given out in it, and than `highest`.
    func next(_ family: CratonFamily, above highest: Int) throws(RegistryError) -> Int
}

extension Edit<CratonOutcome> {
    static func refused(_ refusal: CratonRefusal) -> Edit { .nothing(.refused(refusal)) }
}
