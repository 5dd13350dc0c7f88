internal import CZlib
import NIOCore

/// zlib's compressor, writing the gzip format (RFC 1952).
///
/// Takes about 256 KiB while it lives.
final class GzipStream {
    /// Lists shrink to a twentieth at the lowest level, and to little less at four times the cost.
    private static let level: CInt = 1
    private static let chunkBytes = 32 << 10

    // zlib keeps a pointer to it, so it has a place of its own.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for the format of gzip.
        let status = muster_deflate_init(stream, Self.level, 15 + 16)
        guard status == Z_OK else {
            stream.deallocate()
            throw GzipError(status: status)
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// What comes of `bytes`; some of it may stay inside until later ones come.
    func compress(_ bytes: ByteBuffer) throws -> ByteBuffer {
        try bytes.withUnsafeReadableBytes { bytes in
            let start = bytes.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
            stream.pointee.avail_in = UInt32(bytes.count)
            return try run(Z_NO_FLUSH)
        }
    }

    /// What was still inside, and the end.
    func finish() throws -> ByteBuffer {
        stream.pointee.avail_in = 0
        return try run(Z_FINISH)
    }

    private func run(_ flush: CInt) throws -> ByteBuffer {
        var output = ByteBuffer()
        repeat {
            var status = Z_OK
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunkBytes) { space in
                stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = UInt32(space.count)
                status = deflate(stream, flush)
                return space.count - Int(stream.pointee.avail_out)
            }
            guard status != Z_STREAM_ERROR else { throw GzipError(status: status) }
        } while stream.pointee.avail_out == 0
        return output
    }
}

/// zlib refused: there is no memory, or the stream is none.
struct GzipError: Error {
    let status: CInt
}
