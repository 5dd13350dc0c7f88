import DequeModule
import Glibc
import Logging
import NIOCore
import Registry
import Synchronization

/// Keeps the connections, of all clients and of each address, to what the server can hold.
///
/// Stands in the pipeline of the listening socket. While there are as many as there may be,
/// newcomers wait in the system's queue. An address that has its share is refused, so that no single
/// one keeps out all others. One that has many already waits for its next ones to be served until
/// those of others are. A system that has no descriptor for one more connection is asked again: for
/// the server that must not be the end.
final class ConnectionLimit: ChannelDuplexHandler, Sendable {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    /// What is asked again: the system may have more in a moment.
    private static let passingErrors = [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED]
    private static let pauseMicroseconds: UInt32 = 5_000
    /// From an address that has so many, newcomers are served after those of others.
    private static let manyOfAddress = 32
    /// So many of those are served at a time.
    private static let servedAtOnce = 8

    private let most: Int
    private let mostOfAddress: Int
    private let trusted: [AddressBlock]
    private let counts: ConnectionCounts
    private let logger: Logger
    /// The newcomers of addresses that have many.
    private let waiting: NIOLoopBoundBox<Deque<any Channel>>

    /// - Parameters:
    ///   - trusted: proxies, whose many connections are those of others.
    ///   - loop: that of the listening socket.
    init(
        _ limits: Limits, trusted: [AddressBlock], counts: ConnectionCounts, logger: Logger,
        on loop: any EventLoop
    ) {
        most = limits.connections
        mostOfAddress = limits.connectionsOfAddress
        self.trusted = trusted
        self.counts = counts
        self.logger = logger
        waiting = .makeBoxSendingValue([], eventLoop: loop)
    }

    /// How many are taken from the system's queue at a time: few would leave others waiting in it, and
    /// by so many there may be more than the limit.
    static func acceptedAtOnce(of limits: Limits) -> UInt {
        UInt(clamping: min(256, max(1, limits.connections / 64)))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let connection = unwrapInboundIn(data)
        // A Unix socket has no addresses.
        let address = connection.remoteAddress?.ipAddress ?? ""
        let isTrusted = isTrusted(address)
        guard let count = counts.add(from: address, limit: isTrusted ? .max : mostOfAddress) else {
            logger.debug("Refused a connection.", metadata: ["address": "\(address)"])
            connection.close(promise: nil)
            return
        }
        let listener = context.channel
        connection.closeFuture.whenComplete { [counts, most] _ in
            if counts.remove(from: address, most: most) { listener.read() }
        }
        if isTrusted || count < Self.manyOfAddress {
            context.fireChannelRead(data)
        } else {
            waiting.value.append(connection)
            if waiting.value.count == 1 { serveWaiting(context) }
        }
    }

    /// The last and the first to come in turn: the one hardly waits, the other not for ever.
    private func serveWaiting(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.executeAfterOthers {
            for place in 0..<Self.servedAtOnce {
                guard let next = self.takeWaiting(first: !place.isMultiple(of: 2)) else { return }
                bound.value.fireChannelRead(self.wrapInboundOut(next))
            }
            if !self.waiting.value.isEmpty { self.serveWaiting(bound.value) }
        }
    }

    private func takeWaiting(first: Bool) -> (any Channel)? {
        first ? waiting.value.popFirst() : waiting.value.popLast()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for connection in waiting.value { connection.close(promise: nil) }
        waiting.value = []
    }

    func read(context: ChannelHandlerContext) {
        if counts.isRoom(in: most) { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let problem = error as? IOError, Self.passingErrors.contains(problem.errnoCode) else {
            context.fireErrorCaught(error)
            return
        }
        counts.noteFailure {
            logger.error(
                "The system has no room for one more connection.", metadata: ["error": "\(problem)"]
            )
        }
        // The socket stays readable, so that this comes again at once: let others have the time.
        usleep(Self.pauseMicroseconds)
    }

    private func isTrusted(_ address: String) -> Bool {
        address.isEmpty || trusted.contains { $0.contains(address) }
    }
}

/// How many connections there are.
final class ConnectionCounts: Sendable {
    private struct State {
        var open = 0
        var ofAddress: [String: Int] = [:]
        var refused: UInt64 = 0
        /// Whether newcomers wait.
        var isFull = false
        /// When a failure was last told of.
        var lastTold: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Counts one more; nil, and counted as refused, where the address has its share.
    ///
    /// - Returns: how many the address had before.
    func add(from address: String, limit: Int) -> Int? {
        state.withLock { state in
            let count = state.ofAddress[address, default: 0]
            guard count < limit else {
                state.refused &+= 1
                return nil
            }
            state.ofAddress[address] = count + 1
            state.open += 1
            return count
        }
    }

    /// - Returns: whether newcomers wait, and may come now.
    func remove(from address: String, most: Int) -> Bool {
        state.withLock { state in
            state.open -= 1
            let rest = state.ofAddress[address, default: 1] - 1
            state.ofAddress[address] = rest > 0 ? rest : nil
            guard state.isFull, state.open < most else { return false }
            state.isFull = false
            return true
        }
    }

    func isRoom(in most: Int) -> Bool {
        state.withLock { state in
            state.isFull = state.open >= most
            return !state.isFull
        }
    }

    /// Calls `tell` unless that was done within the last ten seconds.
    func noteFailure(tell: () -> Void) {
        let isNew = state.withLock { state in
            let now = ContinuousClock.now
            guard state.lastTold.map({ now - $0 > .seconds(10) }) ?? true else { return false }
            state.lastTold = now
            return true
        }
        if isNew { tell() }
    }

    var families: [MetricFamily] {
        let (open, refused) = state.withLock { ($0.open, $0.refused) }
        return [
            MetricFamily(
                .gauge, "muster_http_connections", "Connections of clients.", Double(open)),
            MetricFamily(
                .counter, "muster_http_connections_refused_total",
                "Connections refused because their address had as many as it may.",
                Double(refused)),
        ]
    }
}
