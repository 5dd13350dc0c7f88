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
            guard let device = stored.content as? Device else { continue }
            let contact = signals.lastContact(of: device.uid)
            let since = contact ?? device.creationDate ?? Timestamp(microseconds: .min)
            guard since < limit else { continue }
            count += 1
            insert(Silent(device: device, lastContact: contact, since: since))
        }
    }

    private mutating func insert(_ silent: Silent) {
        if longest.count == Self.shown {
            guard let last = longest.last, Self.isLonger(silent, last) else { return }
            longest.removeLast()
        }
        let place = longest.firstIndex { Self.isLonger(silent, $0) } ?? longest.endIndex
        longest.insert(silent, at: place)
    }

    private static func isLonger(_ left: Silent, _ right: Silent) -> Bool {
        (left.since, left.device.uid) < (right.since, right.device.uid)
    }
}
