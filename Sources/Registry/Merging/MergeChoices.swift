internal import JSON

/// What a person has decided where a merge cannot.
public struct MergeChoices: Hashable, Sendable {
    private struct Place: Hashable, Sendable {
        let path: String
        let pointer: String?
    }

    private var sides: [Place: MergeConflict.Side] = [:]
    /// For every conflict that has no choice of its own.
    public var all: MergeConflict.Side?

    public init(all: MergeConflict.Side? = nil) { self.all = all }

    /// - Parameter pointer: the place in the document (RFC 6901); nil for the whole file.
    public mutating func choose(_ side: MergeConflict.Side, at path: String, _ pointer: String?) {
        sides[Place(path: path, pointer: pointer)] = side
    }

    /// Every choice of its own, in no order.
    public var places: [(path: String, pointer: String?, side: MergeConflict.Side)] {
        sides.map { ($0.key.path, $0.key.pointer, $0.value) }
    }

    public var isEmpty: Bool { sides.isEmpty && all == nil }

    /// The choice at a conflict; nil where there is none.
    public func side(of conflict: MergeConflict) -> MergeConflict.Side? {
        sides[Place(path: conflict.path, pointer: conflict.pointer?.description)] ?? all
    }
}
