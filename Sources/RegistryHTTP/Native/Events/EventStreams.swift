import Synchronization

/// The clients that follow events: so many at a time.
final class EventStreams: Sendable {
    /// The place of one of them, which is free again when nobody holds it.
    final class Place: Sendable {
        private let streams: EventStreams

        fileprivate init(in streams: EventStreams) { self.streams = streams }

        deinit { streams.taken.withLock { $0 -= 1 } }
    }

    private let limit: Int
    private let taken = Mutex(0)

    init(limit: Int = 1_000) { self.limit = limit }

    /// How many follow now.
    var count: Int { taken.withLock { $0 } }

    /// A place; nil where none is free.
    func enter() -> Place? {
        let isFree = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        return isFree ? Place(in: self) : nil
    }
}
