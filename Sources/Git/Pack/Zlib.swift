internal import CZlib

/// The checksums and the plainest streams of zlib, as packs use them.
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
}

/// Reads many zlib streams, one after the other, with one set of tables.
final class Inflater {
    private var stream = z_stream()
    private let isReady: Bool

    init() { isReady = muster_inflate_init(&stream, 15) == Z_OK }

    deinit { if isReady { inflateEnd(&stream) } }

    /// The `size` bytes that the stream at the start of `source` stands for; nil when it does not.
    func content(of source: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        // No stream stands for more than 1,032 times its bytes.
        guard isReady, size < UInt32.max, size / 1_032 <= source.count,
            inflateReset(&stream) == Z_OK
        else { return nil }
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.uint8)
        stream.avail_in = UInt32(clamping: source.count)
        // zlib wants room for at least one byte.
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(clamping: size + 1)
            let isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END
            count = isWhole ? size + 1 - Int(stream.avail_out) : 0
        }
        return bytes.count == size ? bytes : nil
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
