internal import Synchronization

/// Holds ids once that many documents name, as that of their region: it saves memory, and two ids
/// at one address are equal at a glance.
///
/// Of bounded size: an id that was given long ago may be held once more.
struct SharedIDs: ~Copyable, Sendable {
    static let all = SharedIDs()

    private static let count = 1 << 14
    private let slots = Mutex([DocumentID?](repeating: nil, count: Self.count))

    /// The same id, at the address of one that was given before.
    func shared(_ id: DocumentID?) -> DocumentID? {
        guard let id else { return nil }
        let slot = id.hashValue & (Self.count - 1)
        return slots.withLock { slots in
            if let held = slots[slot], held == id { return held }
            slots[slot] = id
            return id
        }
    }
}
