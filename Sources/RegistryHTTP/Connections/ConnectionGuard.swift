import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Keeps one connection within the limits of time: fields, body, and its own end.
///
/// Stands right after the HTTP codec. It also answers `Expect: 100-continue` when the body is asked
/// for, and closes a connection in two steps, so that a client that is still sending can read its
/// answer.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Bodies with no more than this left to send are read to their end rather than cut off.
    private static let drainableBytes = 64 << 10

    private let limits: Limits
    private var headsRead = 0
    private var responsesWritten = 0
    private var isReadingBody = false
    private var body = IncomingBody()
    /// Whether this turn of the event loop brought any part of a request.
    private var sawPart = false
    private var hasFieldsBegun = false
    private var isReadPending = false
    private var mustClose = false
    private var isLastAnswer = false
    /// The request after whose answer the client wants the connection to end.
    private var lastRequest: Int?
    private var isClosing = false
    private var closesAtOnce = false
    private var isOutputClosed = false
    private var isInputClosed = false
    private var departure: DepartureWatch?
    private var unflushedAnswers = 0
    private var fieldsTimer: ConnectionTimer?
    private var bodyTimer: ConnectionTimer?
    private var idleTimer: ConnectionTimer?
    private var idleSince = NIODeadline.now()
    private let slowReader: SlowReaderTimer

    init(limits: Limits) {
        self.limits = limits
        slowReader = SlowReaderTimer(limits: limits)
    }

    // MARK: What the client sends

    func handlerAdded(context: ChannelHandlerContext) {
        addNeighbors(context.pipeline.syncOperations)
        if context.channel.isActive { startFieldsTimer(context) }
    }

    /// Puts around the parser what belongs before it and right behind it.
    private func addNeighbors(_ pipeline: ChannelPipeline.SynchronousOperations) {
        typealias Parser = ByteToMessageHandler<HTTPRequestDecoder>
        guard let parser = try? pipeline.handler(type: Parser.self) else { return }
        try? pipeline.addHandler(PacedEnd(), position: .before(parser))
        try? pipeline.addHandler(RequestHeads(), position: .after(parser))
    }

    func channelActive(context: ChannelHandlerContext) {
        startFieldsTimer(context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fieldsTimer?.cancel()
        bodyTimer?.cancel()
        idleTimer?.cancel()
        slowReader.cancel()
        tellDeparture()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawPart = true
        switch unwrapInboundIn(data) {
        case .head(let request):
            headsRead += 1
            if request.wantsEnd { lastRequest = headsRead }
            isReadingBody = true
            body = IncomingBody(of: request)
            hasFieldsBegun = false
            fieldsTimer?.cancel()
            fieldsTimer = nil
        case .body(let part):
            body.note(bytes: part.readableBytes)
        case .end:
            isReadingBody = false
            bodyTimer?.cancel()
            bodyTimer = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadPending = false
        if isReadingBody {
            startBodyTimer(context)
        } else if !sawPart {
            // Bytes came and made no part: a request has begun and its fields are not complete.
            hasFieldsBegun = true
            startFieldsTimer(context)
        }
        sawPart = false
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        isReadPending = true
        context.read()
    }

    // MARK: What the server sends

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        switch event {
        case let watch as DepartureWatch:
            departure = watch
            if isInputClosed { tellDeparture() }
        case let wanted as BodyWanted:
            guard isReadingBody, headsRead == responsesWritten + 1 else { break }
            body.begin(wanted, context)
        default:
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
    }

    // A client that sends nothing more has gone away: none ends its half of a connection before it
    // has its answer.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            tellDeparture()
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func tellDeparture() { departure.take()?.action() }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(var response):
            if mustClose || isAnsweringUnreadBody || lastRequest == responsesWritten + 1 {
                response.headerFields[.connection] = "close"
            }
            if response.headerFields[.connection]?.lowercased() == "close" { isLastAnswer = true }
            // What could not be read as a request has come to no handler.
            if response.status == .badRequest { SecurityFields.add(to: &response.headerFields) }
            slowReader.beginAnswer()
            context.write(wrapOutboundOut(.head(response)), promise: promise)
        case .body(let part):
            slowReader.note(bytes: part.readableBytes)
            context.write(data, promise: promise)
        case .end:
            responsesWritten += 1
            departure = nil
            unflushedAnswers += 1
            isClosing = isClosing || isLastAnswer
            let flushed = promise ?? context.eventLoop.makePromise()
            flushed.futureResult.assumeIsolated().whenComplete { _ in
                self.unflushedAnswers -= 1
                self.closeIfAsked(context)
                self.startIdleTimer(context)
            }
            context.write(data, promise: flushed)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        slowReader.writabilityChanged(context)
        context.fireChannelWritabilityChanged()
    }

    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        guard mode != .input else {
            context.close(mode: mode, promise: promise)
            return
        }
        // The channel drops what the client has not taken yet, so this waits for it.
        isClosing = true
        closesAtOnce = closesAtOnce || mode == .all
        promise.map(context.channel.closeFuture.cascade)
        closeIfAsked(context)
    }

    private func closeIfAsked(_ context: ChannelHandlerContext) {
        guard isClosing, unflushedAnswers == 0 else { return }
        guard !closesAtOnce else {
            context.close(promise: nil)
            return
        }
        guard !isOutputClosed else { return }
        isOutputClosed = true
        context.close(mode: .output, promise: nil)
        context.schedule(in: limits.lingerTimeout) { $0.close(promise: nil) }
    }

    /// Whether the answer being written is to a request whose body is too long to wait for its end.
    private var isAnsweringUnreadBody: Bool {
        guard isReadingBody, headsRead == responsesWritten + 1 else { return false }
        guard !body.isContinueAwaited, let length = body.length else { return true }
        return length - body.received > Self.drainableBytes
    }

    // MARK: Time

    private func startFieldsTimer(_ context: ChannelHandlerContext) {
        guard fieldsTimer == nil else { return }
        fieldsTimer = context.schedule(in: limits.headerTimeout) { self.fieldsAreLate($0) }
    }

    private func fieldsAreLate(_ context: ChannelHandlerContext) {
        fieldsTimer = nil
        guard headsRead == responsesWritten else {
            startFieldsTimer(context)
            return
        }
        guard hasFieldsBegun else {
            context.close(promise: nil)
            return
        }
        var fields: HTTPFields = [.connection: "close", .contentLength: "0"]
        SecurityFields.add(to: &fields)
        let response = HTTPResponse(status: .requestTimeout, headerFields: fields)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.pipeline.close(mode: .output, promise: nil)
    }

    private var isIdle: Bool {
        headsRead == responsesWritten && unflushedAnswers == 0 && !hasFieldsBegun && !isClosing
    }

    /// The time runs from the last answer to the next request.
    private func startIdleTimer(_ context: ChannelHandlerContext) {
        guard isIdle, context.channel.isActive else { return }
        idleSince = .now()
        guard idleTimer == nil else { return }
        idleTimer = context.schedule(in: limits.keepAliveTimeout) { self.lookWhetherIdle($0) }
    }

    /// One timer serves many requests: it is not started anew for each.
    private func lookWhetherIdle(_ context: ChannelHandlerContext) {
        idleTimer = nil
        guard isIdle else { return }
        let left = limits.keepAliveTimeout - Duration(NIODeadline.now() - idleSince)
        guard left > .zero else {
            context.close(promise: nil)
            return
        }
        idleTimer = context.schedule(in: left) { self.lookWhetherIdle($0) }
    }

    private func startBodyTimer(_ context: ChannelHandlerContext) {
        guard bodyTimer == nil, !mustClose else { return }
        bodyTimer = context.schedule(in: .seconds(1)) { self.weighBody($0) }
    }

    /// Once a second while a body is on its way; seconds in which the server did not read are not
    /// counted.
    private func weighBody(_ context: ChannelHandlerContext) {
        bodyTimer = nil
        guard isReadingBody else { return }
        guard body.isTooSlow(isReadPending: isReadPending, limits) else {
            startBodyTimer(context)
            return
        }
        mustClose = true
        if headsRead == responsesWritten {
            context.close(promise: nil)
        } else {
            context.fireErrorCaught(BodyError.tooSlow)
        }
    }
}

extension HTTPRequest {
    /// Whether the client sends no other request on its connection (RFC 9112, section 9.6).
    fileprivate var wantsEnd: Bool {
        headerFields[.connection]?.split(separator: ",")
            .contains { $0.filter { $0 != " " }.lowercased() == "close" } ?? false
    }
}
