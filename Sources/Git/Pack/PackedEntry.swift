/// The head of one entry of a pack (gitformat-pack, "Pack entries").
struct PackedEntry {
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
