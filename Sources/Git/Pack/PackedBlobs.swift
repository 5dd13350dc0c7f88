internal import CZlib

/// Reads blobs of packs on one thread, each delta's base only once.
///
/// What was read is kept: for callers that keep it too, and read in the order of the packs.
package final class PackedBlobs {
    private let packs: [MappedPack]
    private var stream = z_stream()
    private let isReady: Bool
    /// Contents of the present pack, by where they begin.
    private var contents: [Int: [UInt8]] = [:]
    private var pack = -1

    /// A chain of more deltas than any git makes is a circle.
    private static let maximumDepth = 10_000

    package init(_ packs: MappedPacks) {
        self.packs = packs.packs
        isReady = muster_inflate_init(&stream, 15) == Z_OK
    }

    deinit { if isReady { inflateEnd(&stream) } }

    /// The blob at `place`; nil where the pack is damaged or holds something else there.
    package func blob(at place: MappedPacks.Place) -> [UInt8]? {
        guard isReady, packs.indices.contains(place.pack) else { return nil }
        if place.pack != pack {
            contents = [:]
            pack = place.pack
        }
        return content(at: place.offset, of: packs[place.pack])
    }

    private func content(at offset: Int, of pack: MappedPack) -> [UInt8]? {
        var deltas: [(offset: Int, entry: PackedEntry)] = []
        var offset = offset
        var content = contents[offset]
        while content == nil {
            guard deltas.count < Self.maximumDepth,
                let entry = PackedEntry(at: offset, in: pack.bytes)
            else { return nil }
            switch entry.kind {
            case .whole(let kind):
                guard kind == .blob else { return nil }
                content = inflate(entry, of: pack)
                contents[offset] = content
                if content == nil { return nil }
            case .delta(let distance):
                deltas.append((offset, entry))
                offset -= distance
                content = contents[offset]
            case .deltaOf(let base):
                guard let found = pack.offset(of: base) else { return nil }
                deltas.append((offset, entry))
                offset = found
                content = contents[offset]
            }
        }
        for (offset, entry) in deltas.reversed() {
            guard let base = content, let delta = inflate(entry, of: pack),
                let applied = Self.apply(delta, to: base)
            else { return nil }
            content = applied
            contents[offset] = applied
        }
        return content
    }

    /// The bytes that an entry's stream stands for.
    private func inflate(_ entry: PackedEntry, of pack: MappedPack) -> [UInt8]? {
        let source = UnsafeRawBufferPointer(rebasing: pack.bytes[entry.start...])
        // No stream stands for more than 1,032 times its bytes.
        guard entry.size < UInt32.max, entry.size / 1_032 <= source.count,
            inflateReset(&stream) == Z_OK
        else { return nil }
        stream.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(clamping: source.count)
        // zlib wants room for at least one byte.
        let bytes = [UInt8](unsafeUninitializedCapacity: entry.size + 1) { buffer, count in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(clamping: entry.size + 1)
            let isWhole = CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END
            count = isWhole ? entry.size + 1 - Int(stream.avail_out) : 0
        }
        return bytes.count == entry.size ? bytes : nil
    }

    /// Applies a delta: both sizes, then copies from the base and new bytes (gitformat-pack).
    static func apply(_ delta: [UInt8], to base: [UInt8]) -> [UInt8]? {
        var rest = delta[...]
        guard let baseSize = size(&rest), baseSize == base.count, let size = size(&rest) else {
            return nil
        }
        var result: [UInt8] = []
        result.reserveCapacity(min(size, 1 << 26))
        while let command = rest.popFirst() {
            if command & 0x80 == 0 {
                guard command > 0, rest.count >= Int(command) else { return nil }
                result += rest.prefix(Int(command))
                rest = rest.dropFirst(Int(command))
            } else {
                guard let range = copied(command, &rest), range.upperBound <= base.count else {
                    return nil
                }
                result += base[range]
            }
            guard result.count <= size else { return nil }
        }
        return result.count == size ? result : nil
    }

    /// What a command copies: four bits say which bytes of the offset follow, three of the size.
    private static func copied(_ command: UInt8, _ rest: inout ArraySlice<UInt8>) -> Range<Int>? {
        var (offset, size) = (0, 0)
        for bit in 0..<7 where command >> bit & 1 != 0 {
            guard let byte = rest.popFirst() else { return nil }
            if bit < 4 {
                offset |= Int(byte) << (8 * bit)
            } else {
                size |= Int(byte) << (8 * (bit - 4))
            }
        }
        if size == 0 { size = 0x10000 }
        return offset..<(offset + size)
    }

    private static func size(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var size = 0
        for shift in stride(from: 0, to: 42, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            size |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return size }
        }
        return nil
    }
}

/// The head of one entry of a pack.
private struct PackedEntry {
    enum Kind {
        case whole(ObjectKind)
        /// Against the entry that begins so many bytes before.
        case delta(distance: Int)
        case deltaOf(ObjectID)
    }

    let kind: Kind
    /// Of what the stream stands for.
    let size: Int
    /// Where the stream begins.
    let start: Int

    init?(at offset: Int, in pack: UnsafeRawBufferPointer) {
        guard pack.indices.contains(offset) else { return nil }
        var place = offset
        func next() -> UInt8? {
            guard place < pack.count else { return nil }
            defer { place += 1 }
            return pack[place]
        }
        guard var byte = next() else { return nil }
        let type = byte >> 4 & 7
        var size = Int(byte & 15)
        var shift = 4
        while byte & 0x80 != 0 {
            guard shift < 40, let more = next() else { return nil }
            byte = more
            size |= Int(byte & 0x7F) << shift
            shift += 7
        }
        switch type {
        case 6:
            guard var byte = next() else { return nil }
            var distance = Int(byte & 0x7F)
            while byte & 0x80 != 0 {
                guard distance < 1 << 40, let more = next() else { return nil }
                byte = more
                distance = (distance + 1) << 7 | Int(byte & 0x7F)
            }
            guard distance > 0, distance <= offset else { return nil }
            kind = .delta(distance: distance)
        case 7:
            guard place + 20 <= pack.count else { return nil }
            let id = UnsafeRawBufferPointer(rebasing: pack[place..<(place + 20)])
            kind = .deltaOf(ObjectID(raw: id))
            place += 20
        default:
            guard let whole = ObjectKind(rawValue: type) else { return nil }
            kind = .whole(whole)
        }
        self.size = size
        start = place
    }
}
