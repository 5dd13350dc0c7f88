internal import Crypto

extension Pack {
    /// Reads a pack and its index as ``PackBuilder`` made them.
    ///
    /// - Returns: nil for a pack that is damaged, or that another program made in a way which does
    ///   not let its entries be carried elsewhere (deltas whose base is named by its place, or
    ///   stands behind them).
    package init?(bytes: [UInt8], index: [UInt8]) {
        guard let checksum = Self.checksum(of: bytes), let rows = PackIndex(parsing: index),
            rows.packChecksum == checksum, Self.count(in: bytes) == rows.entries.count
        else { return nil }
        let end = bytes.count - 20
        let sorted = rows.entries.sorted { $0.offset < $1.offset }
        var entries: [PackEntry] = []
        var known: [ObjectID: PackEntry] = [:]
        for (place, row) in sorted.enumerated() {
            let next = place + 1 < sorted.count ? sorted[place + 1].offset : end
            guard row.offset < next, next <= end,
                let entry = Self.entry(row, bytes[row.offset..<next], known)
            else { return nil }
            known[entry.id] = entry
            entries.append(entry)
        }
        self.init(bytes: bytes, checksum: checksum, entries: entries)
    }

    /// Whether these are all the bytes of a pack's or an index's file: both end with the SHA-1 of
    /// what is before.
    package static func isIntact(_ bytes: [UInt8]) -> Bool { checksum(of: bytes) != nil }

    private static func checksum(of bytes: [UInt8]) -> ObjectID? {
        guard bytes.count > 32 else { return nil }
        let found = ObjectID(raw: Array(bytes.suffix(20)))
        let right = Insecure.SHA1.hash(data: bytes.dropLast(20))
            .withUnsafeBytes { ObjectID(raw: $0) }
        return found == right ? right : nil
    }

    private static func count(in bytes: [UInt8]) -> Int? {
        guard bytes.starts(with: Array("PACK".utf8) + [0, 0, 0, 2]) else { return nil }
        return bytes[8..<12].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func entry(
        _ row: PackIndex.Entry, _ bytes: ArraySlice<UInt8>, _ known: [ObjectID: PackEntry]
    ) -> PackEntry? {
        var rest = bytes
        guard let (type, size) = head(&rest) else { return nil }
        var base: PackEntry?
        if type == PackEntry.referenceDelta {
            guard let id = ObjectID(raw: Array(rest.prefix(20))), let found = known[id] else {
                return nil
            }
            base = found
            rest = rest.dropFirst(20)
        }
        guard let kind = base?.kind ?? ObjectKind(rawValue: type), rest.count > 6 else {
            return nil
        }
        let isPlain = rest[rest.startIndex + 2] & 0b110 == 0
        return PackEntry(
            id: row.id, kind: kind, size: size, range: bytes.startIndex..<bytes.endIndex,
            checksum: row.checksum, base: base?.id, isPlain: isPlain, change: nil,
            depth: base.map { $0.depth + 1 } ?? 0)
    }

    private static func head(_ rest: inout ArraySlice<UInt8>) -> (type: UInt8, size: Int)? {
        guard var byte = rest.popFirst() else { return nil }
        let type = byte >> 4 & 7
        var size = Int(byte & 15)
        var shift = 4
        while byte & 0x80 != 0 {
            guard shift < 40, let next = rest.popFirst() else { return nil }
            byte = next
            size |= Int(byte & 0x7F) << shift
            shift += 7
        }
        return (type, size)
    }
}

/// The rows of a pack's index, version 2.
struct PackIndex {
    struct Entry {
        let id: ObjectID
        let checksum: UInt32
        let offset: Int
    }

    let entries: [Entry]
    let packChecksum: ObjectID

    /// nil for another version, and for packs of more than 2 GiB.
    init?(parsing bytes: [UInt8]) {
        let start = 8 + 1024
        guard bytes.count >= start + 40, bytes.starts(with: [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2])
        else { return nil }
        let count = Int(Self.number(at: start - 4, in: bytes))
        guard count < 100_000_000, bytes.count == start + 28 * count + 40 else { return nil }
        let checksums = start + 20 * count
        let offsets = checksums + 4 * count
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for row in 0..<count {
            let id = start + 20 * row
            let offset = Self.number(at: offsets + 4 * row, in: bytes)
            guard offset < 0x8000_0000, let id = ObjectID(raw: Array(bytes[id..<(id + 20)])) else {
                return nil
            }
            let checksum = Self.number(at: checksums + 4 * row, in: bytes)
            entries.append(Entry(id: id, checksum: checksum, offset: Int(offset)))
        }
        guard let checksum = ObjectID(raw: Array(bytes.suffix(40).prefix(20))) else { return nil }
        self.entries = entries
        packChecksum = checksum
    }

    private static func number(at place: Int, in bytes: [UInt8]) -> UInt32 {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
