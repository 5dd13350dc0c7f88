internal import Glibc

/// One tree object, kept as the bytes that git stores.
///
/// A value of our own and no `git_tree`: the writer keeps the trees that it changes in memory, and
/// a change of one entry moves bytes, whatever the number of the others.
public struct Tree: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// The bytes of the name; git does not say that they are UTF-8.
        public var name: [UInt8]
        public var mode: FileMode
        public var id: ObjectID

        public init(name: [UInt8], mode: FileMode, id: ObjectID) {
            self.name = name
            self.mode = mode
            self.id = id
        }
    }

    /// The content of the tree object (gitformat: `<mode> <name>\0<20 bytes>`, repeated).
    public private(set) var bytes: [UInt8]

    public init() { bytes = [] }

    /// Takes the content of a tree object.
    public init(parsing bytes: [UInt8]) throws(GitError) {
        let isIntact = bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                guard let place = Place(at: start, in: buffer), place.mode(in: buffer) != nil else {
                    return false
                }
                start = place.end
            }
            return true
        }
        guard isIntact else {
            throw GitError(code: .invalid, function: "Tree(parsing:)", message: "corrupt tree")
        }
        self.bytes = bytes
    }

    public var isEmpty: Bool { bytes.isEmpty }

    /// Every entry, in git's order.
    public var entries: [Entry] {
        bytes.withUnsafeBytes { buffer in
            var entries: [Entry] = []
            var start = 0
            while let place = Place(at: start, in: buffer) {
                if let entry = place.entry(in: buffer) { entries.append(entry) }
                start = place.end
            }
            return entries
        }
    }

    /// The entries in which two trees differ, by name: those that are the same cost little.
    public static func differences(
        from old: Tree, to new: Tree
    ) -> [(old: Entry?, new: Entry?)] {
        var found: [(old: Entry?, new: Entry?)] = []
        old.bytes.withUnsafeBytes { old in
            new.bytes.withUnsafeBytes { new in
                var (left, right) = (Place(at: 0, in: old), Place(at: 0, in: new))
                while left != nil || right != nil {
                    if let one = left, let two = right, one.isSame(as: two, old, new) {
                        left = Place(at: one.end, in: old)
                        right = Place(at: two.end, in: new)
                        continue
                    }
                    let (one, two) = (left?.entry(in: old), right?.entry(in: new))
                    let isOnlyOld = two.map { two in one.map { $0.precedes(two) } ?? false } ?? true
                    let isOnlyNew = one.map { one in two.map { $0.precedes(one) } ?? false } ?? true
                    found.append((isOnlyNew ? nil : one, isOnlyOld ? nil : two))
                    if !isOnlyNew, let place = left { left = Place(at: place.end, in: old) }
                    if !isOnlyOld, let place = right { right = Place(at: place.end, in: new) }
                }
            }
        }
        return joined(found)
    }

    /// A file and a folder of one name stand apart in git's order.
    private static func joined(
        _ found: [(old: Entry?, new: Entry?)]
    ) -> [(old: Entry?, new: Entry?)] {
        let gone = found.filter { $0.new == nil }.compactMap(\.old)
        let made = Dictionary(
            found.filter { $0.old == nil }.compactMap(\.new).map { ($0.name, $0) }
        ) { first, _ in first }
        let both = Set(gone.map(\.name)).intersection(made.keys)
        guard !both.isEmpty else { return found }
        return found.compactMap { pair in
            guard let name = (pair.old ?? pair.new)?.name, both.contains(name) else { return pair }
            return pair.old.map { ($0, made[name]) }
        }
    }

    /// The entry of this name, file or folder.
    public subscript(name: [UInt8]) -> Entry? {
        bytes.withUnsafeBytes { buffer in
            Self.place(of: name, in: buffer).flatMap { $0.entry(in: buffer) }
        }
    }

    /// Puts `entry` in the place of whatever has its name.
    public mutating func set(_ entry: Entry) {
        // A file may stand where a folder of this name was, in another place of git's order.
        remove(entry.name)
        let isFolder = entry.mode == .tree
        let start = bytes.withUnsafeBytes { buffer in
            var start = 0
            while let place = Place(at: start, in: buffer),
                place.precedes(entry.name, isFolder: isFolder, in: buffer)
            {
                start = place.end
            }
            return start
        }
        var encoded: [UInt8] = []
        entry.append(to: &encoded)
        bytes.insert(contentsOf: encoded, at: start)
    }

    public mutating func remove(_ name: [UInt8]) {
        let place = bytes.withUnsafeBytes { Self.place(of: name, in: $0) }
        if let place { bytes.removeSubrange(place.start..<place.end) }
    }

    /// Puts and removes many entries at once, by name; nil removes.
    ///
    /// In one pass over the tree, where one after the other would each take one.
    public mutating func apply(_ changes: [[UInt8]: Entry?]) {
        guard changes.count > 2 else {
            for (name, entry) in changes {
                if let entry { set(entry) } else { remove(name) }
            }
            return
        }
        var kept = entries.filter { changes[$0.name] == nil }
        kept += changes.values.compactMap(\.self)
        kept.sort { $0.precedes($1) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.bytes.count + changes.count * 64)
        for entry in kept { entry.append(to: &bytes) }
        self.bytes = bytes
    }

    private static func place(of name: [UInt8], in buffer: UnsafeRawBufferPointer) -> Place? {
        var start = 0
        while let place = Place(at: start, in: buffer) {
            if buffer[place.name].elementsEqual(name) { return place }
            start = place.end
        }
        return nil
    }
}

extension Tree.Entry {
    fileprivate func append(to bytes: inout [UInt8]) {
        bytes += mode.octal
        bytes.append(UInt8(ascii: " "))
        bytes += name
        bytes.append(0)
        id.append(to: &bytes)
    }

    /// git's order: by bytes, and folders as if their names ended in a slash.
    fileprivate func precedes(_ other: Self) -> Bool {
        let slash = CollectionOfOne(UInt8(ascii: "/"))
        switch (mode == .tree, other.mode == .tree) {
        case (false, false): return name.lexicographicallyPrecedes(other.name)
        case (true, false): return (name + slash).lexicographicallyPrecedes(other.name)
        case (false, true): return name.lexicographicallyPrecedes(other.name + slash)
        case (true, true): return (name + slash).lexicographicallyPrecedes(other.name + slash)
        }
    }
}

/// Where one entry stands in the bytes of a tree.
private struct Place {
    let start: Int
    let name: Range<Int>
    /// Behind the id.
    let end: Int

    /// Looks at the entry that begins at `start`; nil where none does or it is cut off.
    init?(at start: Int, in buffer: UnsafeRawBufferPointer) {
        // A mode has five or six digits.
        guard buffer.count - start > 27, let base = buffer.baseAddress else { return nil }
        let space = start + (buffer[start + 5] == UInt8(ascii: " ") ? 5 : 6)
        guard buffer[space] == UInt8(ascii: " "),
            let zero = memchr(base + space, 0, buffer.count - space)
        else { return nil }
        let nameEnd = UnsafeRawPointer(zero) - base
        guard nameEnd + 20 < buffer.count else { return nil }
        self.start = start
        name = (space + 1)..<nameEnd
        end = nameEnd + 21
    }

    /// Whether two trees have this very entry.
    func isSame(
        as other: Place, _ buffer: UnsafeRawBufferPointer, _ otherBuffer: UnsafeRawBufferPointer
    ) -> Bool {
        guard end - start == other.end - other.start, let own = buffer.baseAddress,
            let theirs = otherBuffer.baseAddress
        else { return false }
        return memcmp(own + start, theirs + other.start, end - start) == 0
    }

    func mode(in buffer: UnsafeRawBufferPointer) -> FileMode? {
        FileMode(octal: buffer[start..<(name.lowerBound - 1)])
    }

    func entry(in buffer: UnsafeRawBufferPointer) -> Tree.Entry? {
        guard let mode = mode(in: buffer) else { return nil }
        let id = UnsafeRawBufferPointer(rebasing: buffer[(name.upperBound + 1)..<end])
        return Tree.Entry(name: Array(buffer[name]), mode: mode, id: ObjectID(raw: id))
    }

    /// git's order: by bytes, and folders as if their names ended in a slash.
    func precedes(_ other: [UInt8], isFolder: Bool, in buffer: UnsafeRawBufferPointer) -> Bool {
        let own = UnsafeRawBufferPointer(rebasing: buffer[name])
        let shared = min(own.count, other.count)
        for place in 0..<shared where own[place] != other[place] {
            return own[place] < other[place]
        }
        let slash = UInt8(ascii: "/")
        let isOwnFolder = buffer[start] == UInt8(ascii: "4")
        let ownNext = own.count > shared ? own[shared] : isOwnFolder ? slash : 0
        let otherNext = other.count > shared ? other[shared] : isFolder ? slash : 0
        return ownNext < otherNext
    }
}

/// What a tree entry or an index entry is.
public enum FileMode: UInt32, Hashable, Sendable {
    case file = 0o100644
    case executable = 0o100755
    case link = 0o120000
    case tree = 0o040000
    case submodule = 0o160000

    init?(octal digits: some Collection<UInt8>) {
        var value: UInt32 = 0
        guard (5...6).contains(digits.count) else { return nil }
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            value = value << 3 | UInt32(digit - UInt8(ascii: "0"))
        }
        // Old repositories hold 100664; git reads it as 100644.
        if value == 0o100664 { value = 0o100644 }
        self.init(rawValue: value)
    }

    var octal: [UInt8] {
        switch self {
        case .file: Array("100644".utf8)
        case .executable: Array("100755".utf8)
        case .link: Array("120000".utf8)
        case .tree: Array("40000".utf8)
        case .submodule: Array("160000".utf8)
        }
    }
}
