import Registry
import RegistryHTML
import StateStore

/// The devices that a filter lets through, in order.
///
/// All of them by creation or by uid are found by their place. A search, and the orders by address
/// and by last contact, look at every device: they take about a second for a million, in small steps
/// between which others have their turn.
struct DeviceSearch {
    private let snapshot: Snapshot
    /// Nil for all devices in an order that the registry keeps.
    private let found: [StoredDocument]?
    private let order: DeviceOrder
    let count: Int

    init(
        _ snapshot: Snapshot, _ filter: TextFilter, _ order: DeviceOrder, signals: SignalStore
    ) async {
        self.snapshot = snapshot
        self.order = order
        if filter.isEmpty, order.column == .created || order.column == .uid {
            found = nil
            count = snapshot.count(of: .devices)
            return
        }
        let devices = await Self.matching(snapshot, filter)
        let sorted = await Self.sorted(devices, by: order.column, signals: signals)
        found = order.descending ? sorted.reversed() : sorted
        count = sorted.count
    }

    func devices(_ range: Range<Int>) -> [Device] {
        documents(range).compactMap { $0.content as? Device }
    }

    private func documents(_ range: Range<Int>) -> [StoredDocument] {
        if let found { return Array(found[range]) }
        let kept = order.column == .uid ? Snapshot.Order.uid : .creation
        guard order.descending else {
            return snapshot.documents(
                in: .devices, order: kept, offset: range.lowerBound, limit: range.count)
        }
        return snapshot.documents(
            in: .devices, order: kept, offset: count - range.upperBound, limit: range.count
        ).reversed()
    }

    /// Oldest first.
    private static func matching(
        _ snapshot: Snapshot, _ filter: TextFilter
    ) async -> [StoredDocument] {
        var matching: [StoredDocument] = []
        for (place, stored) in snapshot.all(in: .devices).enumerated() {
            if place % stepSize == 0 { await Task.yield() }
            guard filter.mayBeFound(in: stored.bytes) else { continue }
            let texts = DeviceTexts(stored)
            if filter.matches([texts.id.text, texts.address, texts.name]) {
                matching.append(stored)
            }
        }
        return matching
    }

    /// By that column; equal ones stay oldest first.
    private static func sorted(
        _ devices: [StoredDocument], by column: DeviceOrder.Column, signals: SignalStore
    ) async -> [StoredDocument] {
        switch column {
        case .created: return devices
        case .uid: return devices.sorted { $0.id < $1.id }
        case .address:
            return await sorted(devices) { AddressOrder(DeviceTexts($0).address) }
        case .contact:
            return await sorted(devices) { signals.lastContact(of: $0.id)?.microseconds ?? .min }
        }
    }

    private static func sorted<Key: Comparable>(
        _ devices: [StoredDocument], by key: (StoredDocument) -> Key
    ) async -> [StoredDocument] {
        var keyed: [(key: Key, device: StoredDocument)] = []
        keyed.reserveCapacity(devices.count)
        for device in devices {
            if keyed.count % stepSize == 0 { await Task.yield() }
            keyed.append((key(device), device))
        }
        return keyed.sorted { $0.key < $1.key }.map(\.device)
    }

    private static let stepSize = 1_000
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
