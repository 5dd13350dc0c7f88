internal import Crypto

extension Pack {
    /// Reads a pack and its index as ``PackBuilder`` made them.
    ///
    /// - Returns: nil for a pack that is damaged, or that another program made in a way which does
    ///   not let its entries be carried elsewhere (deltas whose base is named by its place, or
    ///   stands behind them).
    package init?(bytes: [UInt8], index: [UInt8]) {
        guard let checksum = Self.checksum(of: bytes), Self.isIntact(index) else { return nil }
        let entries = bytes.withUnsafeBytes { pack in
            index.withUnsafeBytes { Self.entries(of: pack, $0, checksum) }
        }
        guard let entries else { return nil }
        self.init(bytes: bytes, checksum: checksum, entries: entries)
    }

    /// Whether these are all the bytes of a pack's or an index's file: both end with the SHA-1 of
    /// what is before.
    package static func isIntact(_ bytes: [UInt8]) -> Bool { checksum(of: bytes) != nil }

    /// Whether these are all the bytes of a pack's file and of the file of its own index, which has
    /// the pack's SHA-1 before its own.
    package static func isIntact(_ bytes: [UInt8], index: [UInt8]) -> Bool {
        isIntact(bytes) && isIntact(index)
            && index.dropLast(20).suffix(20).elementsEqual(bytes.suffix(20))
    }

    private static func checksum(of bytes: [UInt8]) -> ObjectID? {
        guard bytes.count > 32 else { return nil }
        let found = ObjectID(raw: Array(bytes.suffix(20)))
        let right = Insecure.SHA1.hash(data: bytes.dropLast(20))
            .withUnsafeBytes { ObjectID(raw: $0) }
        return found == right ? right : nil
    }

    private static func entries(
        of pack: UnsafeRawBufferPointer, _ index: UnsafeRawBufferPointer, _ checksum: ObjectID
    ) -> [PackEntry]? {
        guard let index = PackIndex(index), index.packChecksum == checksum,
            pack.starts(with: head), pack.word(at: 8) == index.count
        else { return nil }
        var rows: [(row: Int, offset: Int)] = []
        for row in 0..<index.count {
            guard let offset = index.offset(row) else { return nil }
            rows.append((row, offset))
        }
        rows.sort { $0.offset < $1.offset }
        var entries: [PackEntry] = []
        var known: [ObjectID: PackEntry] = [:]
        for (place, (row, offset)) in rows.enumerated() {
            let end = place + 1 < rows.count ? rows[place + 1].offset : pack.count - 20
            guard offset < end, end <= pack.count - 20,
                let entry = entry(index.id(row), index.checksum(row), offset..<end, pack, known)
            else { return nil }
            known[entry.id] = entry
            entries.append(entry)
        }
        return entries
    }

    private static func entry(
        _ id: ObjectID, _ checksum: UInt32, _ range: Range<Int>, _ pack: UnsafeRawBufferPointer,
        _ known: [ObjectID: PackEntry]
    ) -> PackEntry? {
        // A stream has two bytes of head and four of checksum.
        guard let head = PackedEntry(at: range.lowerBound, in: pack),
            head.start + 6 < range.upperBound
        else { return nil }
        var base: PackEntry?
        let kind: ObjectKind
        switch head.kind {
        case .whole(let whole): kind = whole
        case .delta: return nil
        case .deltaOf(let id):
            guard let found = known[id] else { return nil }
            base = found
            kind = found.kind
        }
        return PackEntry(
            id: id, kind: kind, size: head.size, range: range, checksum: checksum, base: base?.id,
            isPlain: pack[head.start + 2] & 0b110 == 0, change: nil,
            depth: base.map { $0.depth + 1 } ?? 0)
    }
}
