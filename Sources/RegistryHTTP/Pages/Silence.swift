import Registry
import StateStore

/// The devices that were not heard of lately: the longest silent ones, and how many there are.
struct Silence: Sendable {
    struct Silent: Sendable {
        let device: Device
        let lastContact: Timestamp?
        /// Its last contact; the registration of a device that was never heard of.
        let since: Timestamp
    }

    /// The longest silence first.
    private(set) var longest: [Silent] = []
    private(set) var count = 0

    private static let shown = 10

    /// Looks at every device.
    init(in snapshot: Snapshot, _ signals: SignalStore, before limit: Timestamp) {
        for stored in snapshot.all(in: .devices) {
            let contact = signals.lastContact(of: stored.id)
            let since = contact ?? stored.creationDate ?? Timestamp(microseconds: .min)
            guard since < limit else { continue }
            count += 1
            let place =
                longest.firstIndex { (since, stored.id) < ($0.since, $0.device.uid) }
                ?? longest.endIndex
            guard place < Self.shown, let device = stored.content as? Device else { continue }
            longest.insert(Silent(device: device, lastContact: contact, since: since), at: place)
            longest = longest.dropLast(max(0, longest.count - Self.shown))
        }
    }
}
