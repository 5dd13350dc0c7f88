import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// A connection by TLS, on which the client speaks HTTP/2 or HTTP/1.1 as both agree (ALPN, RFC 7301).
///
/// Hummingbird's own has one certificate for as long as it lives.
struct SecureChannel: ServerChildChannel {
    typealias Negotiated = NIONegotiatedHTTPVersion<HTTP1Channel.Value, HTTP2Channel.Value>

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    private let certificate: ServerCertificate
    private let limits: Limits
    private let http1: HTTP1Channel
    private let http2: HTTP2Channel

    init(
        _ certificate: ServerCertificate, limits: Limits,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.certificate = certificate
        self.limits = limits
        http1 = HTTP1Channel(responder: responder, configuration: .limited(by: limits))
        let streams = HTTP1Channel.Configuration(
            additionalChannelHandlers: [StreamGuard(limits: limits)])
        http2 = HTTP2Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: limits.keepAliveTimeout, gracefulCloseTimeout: limits.headerTimeout,
                streamConfiguration: streams))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(certificate.makeHandler())
            try pipeline.addHandler(HandshakeTimer(limit: limits.headerTimeout))
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> { result in
                guard result == .negotiated("h2") else {
                    return http1.setup(channel: channel, logger: logger).map { .http1_1($0) }
                }
                return http2.setup(channel: channel, logger: logger).flatMapThrowing {
                    let timer = StreamlessTimer(limits: limits)
                    try channel.pipeline.syncOperations.addHandler(timer)
                    return .http2($0)
                }
            }
            try pipeline.addHandler(negotiation)
            return Value(negotiated: negotiation.protocolNegotiationResult, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let connection): await http2.handle(value: connection, logger: logger)
            }
        } catch {
            logger.debug(
                "A client did not get as far as HTTP.", metadata: ["error": "\(error)"])
            try? await value.channel.close()
        }
    }
}

extension HTTP1Channel.Configuration {
    /// A connection that keeps to the limits.
    static func limited(by limits: Limits) -> Self {
        .init(additionalChannelHandlers: [ConnectionGuard(limits: limits)])
    }
}

/// Closes a connection whose client does not finish the handshake in time.
private final class HandshakeTimer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let limit: Duration
    private var timer: ConnectionTimer?

    init(limit: Duration) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.schedule(in: limit) { $0.channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { timer?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }
}
