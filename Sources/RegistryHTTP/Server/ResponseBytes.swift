import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// Runs the body to its end and takes it into one buffer, which becomes the body.
    mutating func collectBody() async throws -> ByteBuffer {
        let collector = Collector()
        try await body.write(collector)
        body = ResponseBody(byteBuffer: collector.bytes.buffer)
        return collector.bytes.buffer
    }

    /// Takes a body into one buffer.
    private struct Collector: ResponseBodyWriter {
        final class Bytes { var buffer = ByteBuffer() }
        let bytes = Bytes()

        mutating func write(_ buffer: ByteBuffer) {
            bytes.buffer.writeImmutableBuffer(buffer)
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) {}
    }
}
