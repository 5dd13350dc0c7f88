internal import CZlib

/// The checksums and streams of zlib, as packs and loose objects use them.
enum Zlib {
    /// CRC-32 of some bytes, as pack indexes hold it for each entry.
    static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes.baseAddress?.uint8, bytes.count))
    }

    /// Appends `content` as a zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4): as large
    /// as the content, and written at the speed of a copy.
    static func appendStored(_ content: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        bytes.append(0x78)
        bytes.append(0x01)
        var start = 0
        repeat {
            let end = min(start + 65_535, content.count)
            let size = UInt16(truncatingIfNeeded: end - start)
            bytes.append(end == content.count ? 1 : 0)
            for part in [size, ~size] {
                bytes.append(UInt8(truncatingIfNeeded: part))
                bytes.append(UInt8(truncatingIfNeeded: part >> 8))
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: content[start..<end]))
            start = end
        } while start < content.count
        let sum = UInt32(
            truncatingIfNeeded: adler32_z(1, content.baseAddress?.uint8, content.count))
        withUnsafeBytes(of: sum.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The content of a zlib stream of `size` bytes; nil when it is not one.
    static func inflate(_ stream: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        let isWhole: (UnsafeMutableRawBufferPointer) -> Bool = { target in
            var used = uLongf(target.count)
            let status = uncompress(
                target.baseAddress?.assumingMemoryBound(to: UInt8.self), &used,
                stream.baseAddress?.uint8, uLong(stream.count))
            return status == Z_OK && used == uLongf(target.count)
        }
        // zlib wants room for at least one byte.
        guard size > 0 else { return [] }
        var isGood = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            isGood = isWhole(UnsafeMutableRawBufferPointer(buffer))
            count = isGood ? size : 0
        }
        return isGood ? bytes : nil
    }
}

/// Compresses many small contents, one zlib stream each, with one set of tables.
package final class Deflater {
    private var stream = z_stream()
    private let isReady: Bool

    package init() { isReady = muster_deflate_init(&stream, 6, 15) == Z_OK }

    deinit { if isReady { deflateEnd(&stream) } }

    /// Appends `content` as a zlib stream; false, and nothing appended, when zlib fails.
    func append(_ content: UnsafeRawBufferPointer, to bytes: inout [UInt8]) -> Bool {
        guard isReady, deflateReset(&stream) == Z_OK, content.count <= Int(UInt32.max) else {
            return false
        }
        let bound = Int(deflateBound(&stream, uLong(content.count)))
        let target = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            stream.next_in = UnsafeMutablePointer(mutating: content.baseAddress?.uint8)
            stream.avail_in = UInt32(truncatingIfNeeded: content.count)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(truncatingIfNeeded: bound)
            count = deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
        }
        bytes.append(contentsOf: target)
        return !target.isEmpty
    }
}

extension UnsafeRawPointer {
    fileprivate var uint8: UnsafePointer<UInt8> { assumingMemoryBound(to: UInt8.self) }
}
