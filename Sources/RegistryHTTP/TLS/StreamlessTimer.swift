import NIOCore

/// Closes a connection of HTTP/2 that has been without streams for too long, or is asked to end.
///
/// Hummingbird says good-bye to such a client and waits for its answer, however long it takes.
final class StreamlessTimer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    /// What ``StreamGuard`` tells the connection of its stream.
    enum StreamChange: Sendable { case opened, closed }

    private let limits: Limits
    private var openStreams = 0
    private var isEnding = false
    private var timer: ConnectionTimer?

    init(limits: Limits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { restart(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case StreamChange.opened: openStreams += 1
        case StreamChange.closed: openStreams -= 1
        case is ChannelShouldQuiesceEvent: isEnding = true
        default: return context.fireUserInboundEventTriggered(event)
        }
        restart(context)
        context.fireUserInboundEventTriggered(event)
    }

    private func restart(_ context: ChannelHandlerContext) {
        timer?.cancel()
        guard openStreams == 0 else { return }
        // A client that does answer is gone before.
        let delay = limits.lingerTimeout + (isEnding ? .zero : limits.keepAliveTimeout)
        timer = context.schedule(in: delay) { $0.channel.close(promise: nil) }
    }
}
