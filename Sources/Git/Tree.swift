/// The entries of one tree object, kept in git's order.
///
/// A value of our own and no `git_tree`: the writer keeps the trees that it changes in memory
/// and writes each as bytes.
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

    public private(set) var entries: [Entry]

    public init() { entries = [] }

    /// Reads the content of a tree object (gitformat: `<mode> <name>\0<20 bytes>`, repeated).
    public init(parsing bytes: [UInt8]) throws(GitError) {
        var entries: [Entry] = []
        let intact = bytes.withUnsafeBytes { buffer in
            var place = 0
            while place < buffer.count {
                guard let space = buffer[place...].firstIndex(of: UInt8(ascii: " ")),
                    let mode = FileMode(octal: buffer[place..<space]),
                    let end = buffer[space...].firstIndex(of: 0), end + 20 < buffer.count
                else { return false }
                let id = ObjectID(raw: UnsafeRawBufferPointer(rebasing: buffer[(end + 1)...]))
                entries.append(Entry(name: Array(buffer[(space + 1)..<end]), mode: mode, id: id))
                place = end + 21
            }
            return true
        }
        guard intact else {
            throw GitError(code: .invalid, function: "Tree(parsing:)", message: "corrupt tree")
        }
        self.entries = entries
    }

    /// The content of the tree object.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 48)
        for entry in entries {
            bytes.append(contentsOf: entry.mode.octal)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: entry.name)
            bytes.append(0)
            entry.id.append(to: &bytes)
        }
        return bytes
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// The entry of this name, file or folder.
    public subscript(name: [UInt8]) -> Entry? {
        for isFolder in [false, true] {
            let place = position(of: name, isFolder: isFolder)
            if place < entries.count, entries[place].name == name { return entries[place] }
        }
        return nil
    }

    /// Puts `entry` in the place of whatever has its name.
    public mutating func set(_ entry: Entry) {
        let place = position(of: entry.name, isFolder: entry.mode == .tree)
        if place < entries.count, entries[place].name == entry.name {
            entries[place] = entry
        } else {
            // A file may stand where a folder of this name was, in another place of git's order.
            remove(entry.name)
            entries.insert(entry, at: position(of: entry.name, isFolder: entry.mode == .tree))
        }
    }

    public mutating func remove(_ name: [UInt8]) {
        for isFolder in [false, true] {
            let place = position(of: name, isFolder: isFolder)
            if place < entries.count, entries[place].name == name { entries.remove(at: place) }
        }
    }

    /// Where a name stands or would stand: git compares folders as if they ended in a slash.
    private func position(of name: [UInt8], isFolder: Bool) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[middle]
            if Self.precedes(entry.name, entry.mode == .tree, name, isFolder) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private static func precedes(
        _ left: [UInt8], _ leftIsFolder: Bool, _ right: [UInt8], _ rightIsFolder: Bool
    ) -> Bool {
        let shared = min(left.count, right.count)
        for place in 0..<shared where left[place] != right[place] {
            return left[place] < right[place]
        }
        let slash = UInt8(ascii: "/")
        let leftNext = left.count > shared ? left[shared] : leftIsFolder ? slash : 0
        let rightNext = right.count > shared ? right[shared] : rightIsFolder ? slash : 0
        return leftNext < rightNext
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
