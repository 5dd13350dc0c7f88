import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Keeps one stream of HTTP/2 within the limits of time, as ``ConnectionGuard`` does with a connection
/// of HTTP/1.1.
///
/// Fields come in one piece here, and what a stream does not read its client cannot send (RFC 9113,
/// section 5.2): so this looks at slow bodies, slow readers, and bodies that nobody wants.
final class StreamGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: Limits
    private var body = IncomingBody()
    private var isReadingBody = false
    private var isReadPending = false
    private var isAnswered = false
    private var bodyTimer: ConnectionTimer?
    private var lingerTimer: ConnectionTimer?
    private var departure: DepartureWatch?

    private let slowReader: SlowReaderTimer

    init(limits: Limits) {
        self.limits = limits
        slowReader = SlowReaderTimer(limits: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) { tell(.opened, context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        tell(.closed, context)
        bodyTimer?.cancel()
        slowReader.cancel()
        lingerTimer?.cancel()
        departure.take()?.action()
    }

    private func tell(_ change: StreamlessTimer.StreamChange, _ context: ChannelHandlerContext) {
        context.channel.parent?.pipeline.fireUserInboundEventTriggered(change)
    }

    // MARK: What the client sends

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            body = IncomingBody(of: request)
            isReadingBody = true
            startBodyTimer(context)
        case .body(let part):
            body.note(bytes: part.readableBytes)
        case .end:
            isReadingBody = false
            bodyTimer?.cancel()
            lingerTimer?.cancel()
        }
        isReadPending = false
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        isReadPending = true
        context.read()
    }

    private func startBodyTimer(_ context: ChannelHandlerContext) {
        bodyTimer = context.schedule(in: .seconds(1)) { self.weighBody($0) }
    }

    /// Once a second while a body is on its way; seconds in which the server did not read are not
    /// counted.
    private func weighBody(_ context: ChannelHandlerContext) {
        guard isReadingBody else { return }
        if body.isTooSlow(isReadPending: isReadPending, limits) {
            context.fireErrorCaught(BodyError.tooSlow)
            lingerOnce(context)
        } else {
            startBodyTimer(context)
        }
    }

    // MARK: What the server sends

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        switch event {
        case let watch as DepartureWatch:
            departure = watch
        case let wanted as BodyWanted:
            guard isReadingBody, !isAnswered else { break }
            body.begin(wanted, context)
        default:
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head: isAnswered = true
        case .body(let part): slowReader.note(bytes: part.readableBytes)
        // Then nobody wants what is left of the body.
        case .end:
            departure = nil
            if isReadingBody { lingerOnce(context) }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        slowReader.writabilityChanged(context)
        context.fireChannelWritabilityChanged()
    }

    /// Lets the client take its answer and end its body, and then resets the stream.
    private func lingerOnce(_ context: ChannelHandlerContext) {
        guard lingerTimer == nil else { return }
        lingerTimer = context.schedule(in: limits.lingerTimeout) { $0.close(promise: nil) }
    }
}
