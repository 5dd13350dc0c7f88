internal import Glibc

/// The folder `objects` of a repository, for writing many small objects fast.
///
/// A loose object is a zlib stream (RFC 1950) of `<kind> <size>\0` and the content. Here it is
/// stored, not compressed: most objects of a registry are smaller than one block of the disk, the
/// large ones are trees, which are mostly hashes, and all of them are packed some time later.
public struct LooseObjects: Sendable {
    private let folder: String

    /// Larger content than this is worth compressing, unless it is a tree.
    public static let plainLimit = 4096

    public init(of repository: borrowing Repository) {
        folder = repository.commonDirectory + "objects"
    }

    /// Writes one object where there is no file of it yet. It is not flushed.
    public func write(_ object: GitObject) throws(FileError) {
        let name = "\(object.id)"
        let parent = "\(folder)/\(name.prefix(2))"
        let path = "\(parent)/\(name.dropFirst(2))"
        guard access(path, F_OK) != 0 else { return }
        let content = Self.encoded(object)
        var tries = 0
        while true {
            let draft = "\(parent)/tmp_obj_\(UInt64.random(in: .min ... .max))"
            do throws(FileError) {
                try FileSystem.create(draft, content, permissions: 0o444)
                return try FileSystem.move(draft, to: path)
            } catch {
                // A new folder is needed; or somebody's git is clearing up and takes empty
                // folders and drafts with it.
                tries += 1
                guard error.isMissing, tries < 20 else { throw error }
                try FileSystem.makeFolder(parent)
            }
        }
    }

    /// The zlib stream: two bytes of header, stored blocks (RFC 1951, 3.2.4), the checksum.
    static func encoded(_ object: GitObject) -> [UInt8] {
        let content = Array("\(object.kind) \(object.bytes.count)\u{0}".utf8) + object.bytes
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(content.count + content.count / 65_535 * 5 + 11)
        var start = 0
        repeat {
            let end = min(start + 65_535, content.count)
            let size = UInt16(end - start)
            stream.append(end == content.count ? 1 : 0)
            for part in [size, ~size] {
                stream.append(UInt8(truncatingIfNeeded: part))
                stream.append(UInt8(truncatingIfNeeded: part >> 8))
            }
            stream.append(contentsOf: content[start..<end])
            start = end
        } while start < content.count
        withUnsafeBytes(of: adler32(content).bigEndian) { stream.append(contentsOf: $0) }
        return stream
    }

    /// RFC 1950, section 9.
    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { bytes in
            var low: UInt32 = 1
            var high: UInt32 = 0
            var start = 0
            while start < bytes.count {
                // As many as can be added before either sum overflows.
                let end = min(start + 5552, bytes.count)
                for place in start..<end {
                    low &+= UInt32(bytes[place])
                    high &+= low
                }
                low %= 65_521
                high %= 65_521
                start = end
            }
            return high << 16 | low
        }
    }
}
