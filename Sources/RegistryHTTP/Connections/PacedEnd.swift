import NIOCore

/// Tells the handlers behind it that a client has ended its half of the connection, when that has its
/// turn among the ``ConnectionTimers``.
///
/// There is no hurry with it, each such end costs more than a request, and thousands of clients may
/// leave at once.
final class PacedEnd: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        context.schedule(in: .zero) { $0.fireUserInboundEventTriggered(event) }
    }
}
