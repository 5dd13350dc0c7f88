internal import Crypto

/// A complete pack (gitformat-pack, version 2).
package struct Pack: Sendable {
    /// Of the file, its checksum included.
    package let bytes: [UInt8]
    /// SHA-1 of all before it; the pack is named by it.
    package let checksum: ObjectID
    /// In the order of the file.
    package let entries: [PackEntry]

    /// Name and version, with which the file begins.
    static let head: [UInt8] = Array("PACK".utf8) + [0, 0, 0, 2]

    init(bytes: [UInt8], checksum: ObjectID, entries: [PackEntry]) {
        self.bytes = bytes
        self.checksum = checksum
        self.entries = entries
    }

    /// Its index, version 2 (gitformat-pack, "Version 2 pack-*.idx files").
    func index() -> [UInt8] {
        let sorted = entries.sorted { $0.id < $1.id }
        var index = PackIndex.head
        index.reserveCapacity(8 + 1024 + 28 * sorted.count + 40)
        var counts = [Int](repeating: 0, count: 256)
        for entry in sorted { counts[entry.id.firstByte] += 1 }
        var total = 0
        for count in counts {
            total += count
            index.append(bigEndian: UInt32(truncatingIfNeeded: total))
        }
        for entry in sorted { entry.id.append(to: &index) }
        for entry in sorted { index.append(bigEndian: entry.checksum) }
        // Packs are kept below 2 GiB, so offsets need no second table.
        for entry in sorted {
            index.append(bigEndian: UInt32(truncatingIfNeeded: entry.range.lowerBound))
        }
        checksum.append(to: &index)
        Insecure.SHA1.hash(data: index).withUnsafeBytes { index.append(contentsOf: $0) }
        return index
    }
}

extension ObjectID {
    fileprivate var firstByte: Int { Int(high >> 56) }
}

extension [UInt8] {
    mutating func append(bigEndian number: UInt32) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
