internal import Crypto

/// A pack in the making (gitformat-pack, version 2), in memory.
///
/// Every delta names its base by id and stands behind it, so entries can be carried from pack to
/// pack as they are.
package struct PackBuilder {
    private var bytes = Self.head
    private var entries: [PackEntry] = []
    private var places: [ObjectID: Int] = [:]
    /// The newest small object of each kind, from which the next one may follow.
    private var newest: [ObjectKind: (id: ObjectID, content: [UInt8])] = [:]
    /// Made when the first stream is to be read.
    private var inflater: Inflater?

    /// Chains of texts are kept short, because they are read one by one.
    private static let textDepth = 12
    /// The number of entries is known at the end.
    private static let head = Pack.head + [0, 0, 0, 0]

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// Adds an object, as a change of another one if the pack holds that, else whole.
    ///
    /// Nothing is compressed: what is new has to be stored fast, and is packed again soon.
    package mutating func add(_ new: NewObject) {
        let object = new.object
        guard places[object.id] == nil else { return }
        if let change = new.change, let depth = depth(on: change.base, below: 0) {
            addDelta(object.id, object.kind, change, of: object.bytes, depth)
        } else {
            object.bytes.withUnsafeBytes {
                addWhole(object.id, object.kind, $0, new.change, compressing: nil)
            }
        }
    }

    /// Adds an entry of another pack; what is there already is passed over.
    ///
    /// - Parameter deflater: compresses what is stored plain; nil leaves it so.
    /// - Returns: false, and nothing added, when the entry cannot be read.
    package mutating func add(
        _ entry: PackEntry, of pack: [UInt8], compressing deflater: Deflater?
    ) -> Bool {
        guard places[entry.id] == nil else { return true }
        guard entry.range.upperBound <= pack.count else { return false }
        if let base = entry.base {
            guard let place = places[base] else { return false }
            return copy(entry, of: pack, depth: entries[place].depth + 1)
        }
        let depth = entry.change.flatMap { self.depth(on: $0.base, below: entry.height) }
        guard depth != nil || (entry.isPlain && deflater != nil) else {
            return copy(entry, of: pack, depth: 0)
        }
        guard let content = content(of: entry, in: pack) else { return false }
        if let change = entry.change, let depth {
            addDelta(entry.id, entry.kind, change, of: content, depth)
        } else if deflater == nil || !addText(entry, content, compressing: deflater) {
            content.withUnsafeBytes {
                addWhole(entry.id, entry.kind, $0, entry.change, compressing: deflater)
            }
        }
        if entry.kind != .tree, content.count <= TextDelta.sizeLimit {
            newest[entry.kind] = (entry.id, content)
        }
        return true
    }

    /// What a whole entry's stream stands for.
    private mutating func content(of entry: PackEntry, in pack: [UInt8]) -> [UInt8]? {
        let inflater = self.inflater ?? Inflater()
        self.inflater = inflater
        return pack.withUnsafeBytes { pack in
            guard let head = PackedEntry(at: entry.range.lowerBound, in: pack) else { return nil }
            let stream = pack[head.start..<entry.range.upperBound]
            return inflater.content(of: UnsafeRawBufferPointer(rebasing: stream), size: entry.size)
        }
    }

    /// Adds a commit or a small document as a delta of the one before.
    ///
    /// - Returns: false, and nothing added, when they have too little in common.
    private mutating func addText(
        _ entry: PackEntry, _ content: [UInt8], compressing deflater: Deflater?
    ) -> Bool {
        guard let (base, old) = newest[entry.kind], let place = places[base],
            entries[place].depth + 1 + entry.height <= Self.textDepth,
            let delta = TextDelta.make(from: old, to: content)
        else { return false }
        addDelta(
            entry.id, entry.kind, delta, on: base, entries[place].depth + 1, compressing: deflater)
        return true
    }

    /// The pack with its index.
    package consuming func finish() -> Pack {
        var head = Pack.head
        head.append(bigEndian: UInt32(truncatingIfNeeded: entries.count))
        bytes.replaceSubrange(..<head.count, with: head)
        let checksum = Insecure.SHA1.hash(data: bytes).withUnsafeBytes { ObjectID(raw: $0) }
        checksum.append(to: &bytes)
        // From the end, because each base stands before what rests on it.
        for place in entries.indices.reversed() {
            guard let base = entries[place].base, let basePlace = places[base] else { continue }
            let height = entries[place].height + 1
            if entries[basePlace].height < height { entries[basePlace].height = height }
        }
        return Pack(bytes: bytes, checksum: checksum, entries: entries)
    }

    /// How deep a delta on `base` would be; nil where there is no such base or the chain would be
    /// too long for what hangs `height` deep below.
    private func depth(on base: ObjectID, below height: Int) -> Int? {
        guard let place = places[base] else { return nil }
        let depth = entries[place].depth + 1
        return depth + height <= PackEntry.maximumDepth ? depth : nil
    }

    private mutating func addWhole(
        _ id: ObjectID, _ kind: ObjectKind, _ content: UnsafeRawBufferPointer,
        _ change: ByteChange?, compressing deflater: Deflater?
    ) {
        let start = bytes.count
        PackEntry.appendHead(kind.rawValue, size: content.count, to: &bytes)
        let isPlain = deflater?.append(content, to: &bytes) != true
        if isPlain { Zlib.appendStored(content, to: &bytes) }
        note(id, kind, from: start, size: content.count, isPlain: isPlain, change: change)
    }

    private mutating func addDelta(
        _ id: ObjectID, _ kind: ObjectKind, _ change: ByteChange, of content: [UInt8],
        _ depth: Int
    ) {
        let delta = change.delta(middle: change.middle(of: content))
        addDelta(id, kind, delta, on: change.base, depth, compressing: nil)
    }

    private mutating func addDelta(
        _ id: ObjectID, _ kind: ObjectKind, _ delta: [UInt8], on base: ObjectID, _ depth: Int,
        compressing deflater: Deflater?
    ) {
        let start = bytes.count
        PackEntry.appendHead(PackEntry.referenceDelta, size: delta.count, to: &bytes)
        base.append(to: &bytes)
        let isPlain = delta.withUnsafeBytes { delta in
            if deflater?.append(delta, to: &bytes) == true { return false }
            Zlib.appendStored(delta, to: &bytes)
            return true
        }
        note(id, kind, from: start, size: delta.count, base: base, isPlain: isPlain, depth: depth)
    }

    private mutating func copy(_ entry: PackEntry, of pack: [UInt8], depth: Int) -> Bool {
        let start = bytes.count
        bytes.append(contentsOf: pack[entry.range])
        places[entry.id] = entries.count
        entries.append(
            PackEntry(
                id: entry.id, kind: entry.kind, size: entry.size, range: start..<bytes.count,
                checksum: entry.checksum, base: entry.base, isPlain: entry.isPlain,
                change: entry.change, depth: depth))
        return true
    }

    private mutating func note(
        _ id: ObjectID, _ kind: ObjectKind, from start: Int, size: Int, base: ObjectID? = nil,
        isPlain: Bool, change: ByteChange? = nil, depth: Int = 0
    ) {
        let range = start..<bytes.count
        let checksum = bytes.withUnsafeBytes {
            Zlib.crc32(UnsafeRawBufferPointer(rebasing: $0[range]))
        }
        places[id] = entries.count
        entries.append(
            PackEntry(
                id: id, kind: kind, size: size, range: range, checksum: checksum, base: base,
                isPlain: isPlain, change: change, depth: depth))
    }
}
