/// The packs of a repository, for reading very many blobs in the order in which they are stored.
///
/// libgit2 takes locks that all threads share for each object, and works through the same deltas
/// again and again.
package struct MappedPacks: Sendable {
    /// The largest first: most objects are there.
    let packs: [MappedPack]

    /// Where an object begins in one of the packs.
    package struct Place: Hashable, Comparable, Sendable {
        let pack: Int
        let offset: Int

        package static func < (left: Place, right: Place) -> Bool {
            (left.pack, left.offset) < (right.pack, right.offset)
        }
    }

    /// Maps every pack that can be read here; objects of others are found nowhere.
    package init(of repository: borrowing Repository) {
        let folder = repository.commonDirectory + "objects/pack"
        packs = (FileSystem.names(in: folder) ?? [])
            .filter { $0.hasSuffix(".idx") }
            .compactMap { MappedPack("\(folder)/\($0.dropLast(4))") }
            .sorted { $0.count > $1.count }
    }

    /// Where `id` is; nil for objects that are in no pack.
    package func place(of id: ObjectID) -> Place? {
        for (number, pack) in packs.enumerated() {
            if let offset = pack.offset(of: id) { return Place(pack: number, offset: offset) }
        }
        return nil
    }
}

/// One pack and its index, version 2 (gitformat-pack).
struct MappedPack: Sendable {
    private let index: MappedFile
    private let pack: MappedFile
    let count: Int

    /// Behind the head and the table of first bytes.
    private static let ids = 8 + 1024

    /// - Parameter path: without suffix.
    init?(_ path: String) {
        guard let index = MappedFile(path + ".idx"), let pack = MappedFile(path + ".pack"),
            index.bytes.count >= Self.ids + 40, pack.bytes.count > 32,
            index.bytes.starts(with: [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2])
        else { return nil }
        let count = Int(index.bytes.word(at: Self.ids - 4))
        guard index.bytes.count >= Self.ids + 28 * count + 40 else { return nil }
        self.index = index
        self.pack = pack
        self.count = count
    }

    /// The pack without the checksum at its end.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: pack.bytes.dropLast(20)) }

    func offset(of id: ObjectID) -> Int? {
        let first = Int(id.high >> 56)
        var low = first == 0 ? 0 : Int(index.bytes.word(at: 8 + 4 * (first - 1)))
        var high = Int(index.bytes.word(at: 8 + 4 * first))
        guard low <= high, high <= count else { return nil }
        while low < high {
            let middle = (low + high) / 2
            let found = self.id(middle)
            if found == id { return offset(middle) }
            if found < id { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private func id(_ row: Int) -> ObjectID {
        let start = Self.ids + 20 * row
        return ObjectID(raw: UnsafeRawBufferPointer(rebasing: index.bytes[start..<(start + 20)]))
    }

    private func offset(_ row: Int) -> Int? {
        let offset = Int(index.bytes.word(at: Self.ids + 24 * count + 4 * row))
        guard offset & 0x8000_0000 != 0 else { return offset }
        // Packs of more than 2 GiB have a second table.
        let place = Self.ids + 28 * count + 8 * (offset & 0x7FFF_FFFF)
        guard place + 8 <= index.bytes.count - 40 else { return nil }
        return Int(index.bytes.word(at: place)) << 32 | Int(index.bytes.word(at: place + 4))
    }
}

extension UnsafeRawBufferPointer {
    /// A big-endian word, which must be inside.
    func word(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
