import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses a body on its way.
struct GzipWriter: ResponseBodyWriter {
    private static let sliceBytes = 64 << 10

    private var client: any ResponseBodyWriter
    private let gzip: GzipStream

    init(to client: any ResponseBodyWriter) throws {
        self.client = client
        gzip = try GzipStream()
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while let slice = rest.readSlice(length: min(rest.readableBytes, Self.sliceBytes)),
            slice.readableBytes > 0
        {
            try await send(gzip.compress(slice))
            // A slice takes less than a millisecond, and others want this thread too.
            await Task.yield()
        }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await send(gzip.finish())
        try await client.finish(trailingHeaders)
    }

    private mutating func send(_ compressed: ByteBuffer) async throws {
        if compressed.readableBytes > 0 { try await client.write(compressed) }
    }
}

extension ResponseBody {
    /// The same bytes in the gzip format; how many they are shows at the end.
    func compressed() -> ResponseBody {
        ResponseBody { writer in try await self.write(GzipWriter(to: writer)) }
    }
}
