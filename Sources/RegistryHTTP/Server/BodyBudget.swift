import Synchronization

/// Counts the bytes of request bodies in memory, up to a limit.
final class BodyBudget: Sendable {
    let limit: Int
    private let used = Mutex(0)

    init(limit: Int) { self.limit = limit }

    var bytesInFlight: Int { used.withLock { $0 } }

    /// Takes `count` bytes; false, and nothing taken, when the limit forbids it.
    func reserve(_ count: Int) -> Bool {
        used.withLock { used in
            guard count <= limit - used else { return false }
            used += count
            return true
        }
    }

    func release(_ count: Int) { used.withLock { $0 -= count } }
}
