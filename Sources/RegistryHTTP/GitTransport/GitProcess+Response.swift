import AsyncAlgorithms
import HTTPTypes
import Hummingbird
import NIOCore

extension GitProcess {
    /// How much of an answer waits for the end of its request's body.
    private static let heldBytes = 256 << 10

    /// The program's answer by CGI.
    ///
    /// Comes with the first of its body after the request's is read, because an answer to a request
    /// that is still being sent ends the connection. A long one does not wait: the program may need
    /// room before it reads on.
    /// - Throws: ``GitTransportError/failed`` when the program ends without an answer.
    func response() async throws -> Response {
        var start = ByteBuffer()
        var head: CGIHead?
        for try await piece in output {
            start.writeImmutableBuffer(piece)
            head = head ?? CGIHead(start.readableBytesView)
            guard let head else {
                guard start.readableBytes < CGIHead.limit else { break }
                continue
            }
            let hasBodyBegun = start.readableBytes > head.end
            if start.readableBytes > Self.heldBytes || (hasBodyBegun && hasTakenBody) { break }
        }
        guard let head else {
            cancel()
            throw GitTransportError.failed
        }
        start.moveReaderIndex(forwardBy: head.end)
        return Response(status: head.status, headers: head.fields, body: body(from: start))
    }

    /// The body that begins with `start`, and goes on with what the program says.
    func body(from start: ByteBuffer) -> ResponseBody {
        ResponseBody { writer in
            do {
                if start.readableBytes > 0 { try await writer.write(start) }
                for try await piece in self.output { try await writer.write(piece) }
            } catch {
                self.cancel()
                throw error
            }
            try await writer.finish(nil)
        }
    }
}
