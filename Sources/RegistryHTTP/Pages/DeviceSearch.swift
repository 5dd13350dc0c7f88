import Registry
import RegistryHTML
import StateStore

/// The devices that a filter lets through, in order.
struct DeviceSearch {
    private let snapshot: Snapshot
    /// Nil for all devices in the order that the registry keeps.
    private let found: [Device]?

    init(
        _ snapshot: Snapshot, _ filter: TextFilter, _ order: DeviceOrder, signals: SignalStore
    ) {
        self.snapshot = snapshot
        guard !filter.isEmpty || order != .standard else {
            found = nil
            return
        }
        let devices = snapshot.all(in: .devices)
            .compactMap { $0.content as? Device }
            .filter { filter.matches([$0.uid.text, $0.address, $0.name]) }
        let sorted = Self.sorted(devices, by: order.column, signals: signals)
        found = order.descending ? sorted.reversed() : sorted
    }

    var count: Int { found?.count ?? snapshot.count(of: .devices) }

    func devices(_ range: Range<Int>) -> [Device] {
        if let found { return Array(found[range]) }
        return snapshot.documents(in: .devices, offset: range.lowerBound, limit: range.count)
            .compactMap { $0.content as? Device }
    }

    /// By that column; equal ones stay oldest first.
    private static func sorted(
        _ devices: [Device], by column: DeviceOrder.Column, signals: SignalStore
    ) -> [Device] {
        switch column {
        case .created: return devices
        case .uid: return devices.sorted { $0.uid < $1.uid }
        case .address:
            return devices.map { (key: AddressOrder($0.address), device: $0) }
                .sorted { $0.key < $1.key }.map(\.device)
        case .contact:
            let never = Timestamp(microseconds: .min)
            return devices.map { (key: signals.lastContact(of: $0.uid) ?? never, device: $0) }
                .sorted { $0.key < $1.key }.map(\.device)
        }
    }
}

/// Addresses with their numbers in numeric order: `10.0.0.9` comes before `10.0.0.10`.
private struct AddressOrder: Comparable {
    private let parts: [(number: UInt64, text: [UInt8])]

    init(_ address: String) {
        parts = address.lowercased().utf8
            .split(omittingEmptySubsequences: false) {
                $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":")
            }
            .map { (UInt64(String(decoding: $0, as: UTF8.self)) ?? .max, Array($0)) }
    }

    static func == (left: AddressOrder, right: AddressOrder) -> Bool {
        !(left < right) && !(right < left)
    }

    static func < (left: AddressOrder, right: AddressOrder) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts) { left, right in
            left.number != right.number
                ? left.number < right.number : left.text.lexicographicallyPrecedes(right.text)
        }
    }
}
