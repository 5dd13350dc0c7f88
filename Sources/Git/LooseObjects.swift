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
        let draft = "\(parent)/tmp_obj_\(UInt64.random(in: .min ... .max))"
        let content = Self.encoded(object)
        do throws(FileError) {
            try FileSystem.create(draft, content, permissions: 0o444)
        } catch  where error.isMissing {
            try FileSystem.makeFolder(parent)
            try FileSystem.create(draft, content, permissions: 0o444)
        }
        try FileSystem.move(draft, to: path)
    }

    /// The zlib stream: two bytes of header, stored blocks (RFC 1951, 3.2.4), the checksum.
    static func encoded(_ object: GitObject) -> [UInt8] {
        var rest = (Array("\(object.kind) \(object.bytes.count)\u{0}".utf8) + object.bytes)[...]
        let checksum = adler32(rest)
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(rest.count + rest.count / 65_535 * 5 + 11)
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let size = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            for part in [size, ~size] {
                stream.append(UInt8(truncatingIfNeeded: part))
                stream.append(UInt8(truncatingIfNeeded: part >> 8))
            }
            stream.append(contentsOf: block)
        } while !rest.isEmpty
        withUnsafeBytes(of: checksum.bigEndian) { stream.append(contentsOf: $0) }
        return stream
    }

    /// RFC 1950, section 9.
    private static func adler32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        var rest = bytes
        while !rest.isEmpty {
            // As many as can be added before either sum overflows.
            for byte in rest.prefix(5552) {
                low &+= UInt32(byte)
                high &+= low
            }
            low %= 65_521
            high %= 65_521
            rest = rest.dropFirst(5552)
        }
        return high << 16 | low
    }
}
