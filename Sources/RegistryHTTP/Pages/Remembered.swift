import Synchronization

/// A value that grows dear with the registry, kept for a while, so that pages spend at most a
/// twentieth of a core on making it.
///
/// What is made within two milliseconds is not kept: in most registries pages show the present.
final class Remembered<Value: Sendable>: Sendable {
    private typealias Kept = (value: Value, end: ContinuousClock.Instant)
    private let kept = Mutex<Kept?>(nil)

    func value(_ make: () -> Value) -> Value {
        let start = ContinuousClock.now
        if let kept = kept.withLock({ $0 }), start < kept.end { return kept.value }
        let value = make()
        let end = ContinuousClock.now
        let cost = start.duration(to: end)
        kept.withLock { $0 = cost < .milliseconds(2) ? nil : (value, end + cost * 20) }
        return value
    }
}
