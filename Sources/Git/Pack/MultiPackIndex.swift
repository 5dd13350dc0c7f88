internal import Glibc

/// git's index over several packs (gitformat-pack, "multi-pack-index (MIDX) files").
enum MultiPackIndex {
    /// The packs that the file names, without suffix; none where there is no such file.
    ///
    /// git reads objects through it, so a pack that it names has to stay.
    static func packs(of path: String) throws(FileError) -> Set<String> {
        guard let facts = FileFacts(at: path) else {
            let error = FileError("look at \(path)")
            if error.isMissing { return [] }
            throw error
        }
        guard facts.size > 0 else { return [] }
        guard let file = MappedFile(path) else { throw FileError("read \(path)") }
        return Set(
            names(in: file.bytes).split(separator: 0).map { name in
                let text = String(decoding: name, as: UTF8.self)
                return text.hasSuffix(".idx") ? String(text.dropLast(4)) : text
            })
    }

    /// The chunk of the packs' names; empty where there is none.
    private static func names(in bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        guard bytes.count >= 12, bytes.starts(with: "MIDX".utf8) else { return bytes[..<0] }
        // One row a chunk, and one that says where the last one ends.
        let rowsEnd = 12 + 12 * (Int(bytes[6]) + 1)
        guard rowsEnd <= bytes.count else { return bytes[..<0] }
        for row in stride(from: 12, to: rowsEnd - 12, by: 12)
        where bytes[row..<(row + 4)].elementsEqual("PNAM".utf8) {
            guard let begin = offset(at: row + 4, in: bytes),
                let end = offset(at: row + 16, in: bytes), begin < end, end - begin < 1 << 20
            else { break }
            return bytes[begin..<end]
        }
        return bytes[..<0]
    }

    /// 8 bytes, a place in the file; nil where that is beyond its end.
    private static func offset(at place: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        let offset = UInt64(bytes.word(at: place)) << 32 | UInt64(bytes.word(at: place + 4))
        return Int(exactly: offset).flatMap { $0 <= bytes.count ? $0 : nil }
    }
}
