import NIOCore
import NIOHTTP1

/// Looks at request heads before the change to HTTP types, which drops what this needs.
///
/// - A connection of HTTP/1.0 ends with the answer (RFC 9112, section 9.3): such a client waits for that.
/// - Two `Host` fields are 400 (section 3.2): of the two, a proxy may have looked at the other.
final class RequestHeads: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Puts a new one where it belongs, right behind the parser.
    static func add(to pipeline: ChannelPipeline) {
        let operations = pipeline.syncOperations
        guard
            let parser = try? operations.handler(
                type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        else { return }
        try? operations.addHandler(RequestHeads(), position: .after(parser))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        guard head.headers["Host"].count < 2 else {
            context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
            return
        }
        if head.version != .http1_1 {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
