internal import Crypto

/// What git's index file knows of the files in the working tree: their content by their stat data.
///
/// Read by hand (gitformat-index, versions 2 and 3), because libgit2 takes an allocation for each
/// of what may be a million entries.
public struct StagedFiles: Sendable {
    private let bytes: [UInt8]
    /// Where each entry begins; they are in the order of their paths' bytes.
    private let starts: [UInt32]
    private let written: FileFacts.Time
    /// Whether the file is as it was written, and no part of it is in other files.
    public let isWhole: Bool

    /// Reads an index file; one that is missing, torn or of another version knows nothing.
    public init(reading path: String) {
        let facts = FileFacts(at: path)
        let bytes = (try? FileSystem.read(path)) ?? []
        let found = bytes.withUnsafeBytes { Self.entries(in: $0) }
        self.bytes = found == nil ? [] : bytes
        starts = found?.starts ?? []
        isWhole =
            found.map { found in
                bytes.withUnsafeBytes { Self.isWhole($0, extensionsAt: found.end) }
            } ?? false
        written = facts?.modified ?? FileFacts.Time(seconds: 0, nanoseconds: 0)
    }

    /// Whether git would say, without reading it, that the file at `path` holds `blob`.
    ///
    /// - Parameter facts: what lstat(2) says of the file now.
    public func know(_ path: String, _ facts: FileFacts, toHold blob: ObjectID) -> Bool {
        var path = path
        return path.withUTF8 { path in
            bytes.withUnsafeBytes { buffer in
                guard let start = find(UnsafeRawBufferPointer(path), in: buffer) else {
                    return false
                }
                return Entry(at: start, in: buffer).map {
                    $0.isPlain && $0.blob(in: buffer) == blob && $0.isUnchanged(facts, in: buffer)
                        // A file that was changed in the moment in which the index was written
                        // may have the same facts before and after.
                        && facts.modified < written
                } ?? false
            }
        }
    }

    private func find(_ path: UnsafeRawBufferPointer, in buffer: UnsafeRawBufferPointer) -> Int? {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            guard let entry = Entry(at: Int(starts[middle]), in: buffer) else { return nil }
            let name = UnsafeRawBufferPointer(rebasing: buffer[entry.name])
            if name.lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
        }
        guard low < starts.count, let entry = Entry(at: Int(starts[low]), in: buffer),
            buffer[entry.name].elementsEqual(path)
        else { return nil }
        return entry.start
    }

    /// Where the entries begin and where they end; nil for what is no index of a version that is
    /// read here.
    private static func entries(
        in buffer: UnsafeRawBufferPointer
    ) -> (starts: [UInt32], end: Int)? {
        guard buffer.count >= 12, buffer.prefix(4).elementsEqual("DIRC".utf8),
            buffer.count <= UInt32.max, (2...3).contains(buffer.word(at: 4))
        else { return nil }
        var starts: [UInt32] = []
        var start = 12
        for _ in 0..<buffer.word(at: 8) {
            guard let entry = Entry(at: start, in: buffer) else { return nil }
            starts.append(UInt32(start))
            start = entry.end
        }
        return (starts, start)
    }

    /// Looks at what follows the entries: extensions, of which those in small letters may not be
    /// passed over (split and sparse indexes have some), and the SHA-1 of all before, or zeros.
    private static func isWhole(_ buffer: UnsafeRawBufferPointer, extensionsAt start: Int) -> Bool {
        let end = buffer.count - Insecure.SHA1.byteCount
        var start = start
        while start + 8 <= end {
            let isOptional = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(buffer[start])
            guard isOptional else { return false }
            start += 8 + Int(buffer.word(at: start + 4))
        }
        guard start == end else { return false }
        let (content, hash) = (buffer[..<end], buffer[end...])
        return hash.allSatisfy { $0 == 0 }
            || Insecure.SHA1.hash(data: content).elementsEqual(hash)
    }
}

extension StagedFiles {
    /// One entry: ten words of stat data, the blob's id, flags, the path, zeros up to eight bytes.
    private struct Entry {
        let start: Int
        let name: Range<Int>
        let end: Int
        /// Whether it is of no merge, and nothing but its stat data says that it is unchanged.
        let isPlain: Bool

        init?(at start: Int, in buffer: UnsafeRawBufferPointer) {
            guard buffer.count - start > 62 else { return nil }
            let flags = UInt16(buffer[start + 60]) << 8 | UInt16(buffer[start + 61])
            let isExtended = flags & 0x4000 != 0
            let first = start + (isExtended ? 64 : 62)
            let rest = buffer[min(first, buffer.count)...]
            guard let end = rest.firstIndex(of: 0) else { return nil }
            self.start = start
            name = first..<end
            self.end = start + (end - start + 8) / 8 * 8
            isPlain = flags & 0xF000 == 0
        }

        func blob(in buffer: UnsafeRawBufferPointer) -> ObjectID {
            ObjectID(raw: UnsafeRawBufferPointer(rebasing: buffer[(start + 40)..<(start + 60)]))
        }

        func isUnchanged(_ facts: FileFacts, in buffer: UnsafeRawBufferPointer) -> Bool {
            let expected = [
                facts.changed.seconds, facts.changed.nanoseconds, facts.modified.seconds,
                facts.modified.nanoseconds,
            ].map { UInt32(truncatingIfNeeded: $0) }
            return facts.kind == .file
                && (0..<4).allSatisfy { buffer.word(at: start + 4 * $0) == expected[$0] }
                && buffer.word(at: start + 20) == UInt32(truncatingIfNeeded: facts.inode)
                && buffer.word(at: start + 36) == UInt32(truncatingIfNeeded: facts.size)
        }
    }
}

extension FileFacts.Time: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
