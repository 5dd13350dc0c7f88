internal import Glibc

/// git's index over several packs (gitformat-pack, "multi-pack-index (MIDX) files").
enum MultiPackIndex {
    /// The packs that the file names, without suffix; none where there is no such file.
    ///
    /// git reads objects through it, so a pack that it names has to stay.
    static func packs(of path: String) throws(FileError) -> Set<String> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let error = FileError("open \(path)")
            if error.isMissing { return [] }
            throw error
        }
        defer { close(descriptor) }
        let head = try FileSystem.read(12, at: 0, of: descriptor, path)
        guard head.starts(with: "MIDX".utf8), head.count == 12 else { return [] }
        // One row a chunk, and one that says where the last one ends.
        let rows = try FileSystem.read((Int(head[6]) + 1) * 12, at: 12, of: descriptor, path)
        for start in stride(from: 0, to: rows.count - 12, by: 12)
        where rows[start..<(start + 4)].elementsEqual("PNAM".utf8) {
            let (begin, end) = (number(at: start + 4, in: rows), number(at: start + 16, in: rows))
            guard begin < end, end - begin < 1 << 20 else { return [] }
            let names = try FileSystem.read(end - begin, at: begin, of: descriptor, path)
            return Set(
                names.split(separator: 0).map { name in
                    let text = String(decoding: name, as: UTF8.self)
                    return text.hasSuffix(".idx") ? String(text.dropLast(4)) : text
                })
        }
        return []
    }

    /// 8 bytes; 0 where that is more than any file has.
    private static func number(at place: Int, in bytes: [UInt8]) -> Int {
        let value = bytes[place..<(place + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value) ?? 0
    }
}
