/// Reads blobs of packs on one thread, each delta's base only once.
///
/// What was read is kept: for callers that keep it too, and read in the order of the packs.
package final class PackedBlobs {
    private let packs: [MappedPack]
    private let inflater = Inflater()
    /// Contents of the present pack, by where they begin.
    private var contents: [Int: [UInt8]] = [:]
    private var pack = -1

    /// A chain of more deltas than any git makes is a circle.
    private static let maximumDepth = 10_000

    package init(_ packs: MappedPacks) { self.packs = packs.packs }

    /// The blob at `place`; nil where the pack is damaged or holds something else there.
    package func blob(at place: MappedPacks.Place) -> [UInt8]? {
        guard packs.indices.contains(place.pack) else { return nil }
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
                let applied = Delta.apply(delta, to: base)
            else { return nil }
            content = applied
            contents[offset] = applied
        }
        return content
    }

    /// The bytes that an entry's stream stands for.
    private func inflate(_ entry: PackedEntry, of pack: MappedPack) -> [UInt8]? {
        inflater.content(
            of: UnsafeRawBufferPointer(rebasing: pack.bytes[entry.start...]), size: entry.size)
    }
}
