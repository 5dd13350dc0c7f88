/// The rows of a pack's index, version 2 (gitformat-pack), in the order of their ids.
struct PackIndex {
    private let bytes: UnsafeRawBufferPointer
    let count: Int

    /// Behind the head and the table of first bytes.
    private static let ids = 8 + 1024

    /// How many objects an index of so many bytes is of, if its pack is smaller than 2 GiB.
    static func count(ofSize bytes: Int) -> Int { max(0, bytes - ids - 40) / 28 }
    static let head: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]

    /// nil for another version, and for what is too short for its rows.
    ///
    /// - Parameter bytes: of the file; must outlive the index.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.ids + 40, bytes.starts(with: Self.head) else { return nil }
        let count = Int(bytes.word(at: Self.ids - 4))
        guard bytes.count >= Self.ids + 28 * count + 40 else { return nil }
        self.init(known: bytes, count: count)
    }

    /// An index that was looked at before.
    init(known bytes: UnsafeRawBufferPointer, count: Int) {
        self.bytes = bytes
        self.count = count
    }

    /// The checksum at the end of the pack.
    var packChecksum: ObjectID { id(at: bytes.count - 40) }

    /// Where the entry of an object begins in the pack; nil where it has none.
    func offset(of id: ObjectID) -> Int? {
        let first = Int(id.high >> 56)
        var low = first == 0 ? 0 : Int(bytes.word(at: 8 + 4 * (first - 1)))
        var high = Int(bytes.word(at: 8 + 4 * first))
        guard low <= high, high <= count else { return nil }
        while low < high {
            let middle = (low + high) / 2
            let found = self.id(middle)
            if found == id { return offset(middle) }
            if found < id { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    func id(_ row: Int) -> ObjectID { id(at: Self.ids + 20 * row) }

    /// CRC-32 of an entry.
    func checksum(_ row: Int) -> UInt32 { bytes.word(at: Self.ids + 20 * count + 4 * row) }

    /// Where an entry begins; nil where the index is damaged.
    func offset(_ row: Int) -> Int? {
        let offset = Int(bytes.word(at: Self.ids + 24 * count + 4 * row))
        guard offset & 0x8000_0000 != 0 else { return offset }
        // Packs of more than 2 GiB have a second table.
        let place = Self.ids + 28 * count + 8 * (offset & 0x7FFF_FFFF)
        guard place + 8 <= bytes.count - 40 else { return nil }
        return Int(bytes.word(at: place)) << 32 | Int(bytes.word(at: place + 4))
    }

    private func id(at place: Int) -> ObjectID {
        ObjectID(raw: UnsafeRawBufferPointer(rebasing: bytes[place..<(place + 20)]))
    }
}

extension UnsafeRawBufferPointer {
    /// A big-endian word, which must be inside.
    func word(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
