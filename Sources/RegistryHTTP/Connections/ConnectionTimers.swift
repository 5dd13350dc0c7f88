import HeapModule
import NIOCore
import NIOPosix

/// The timers of the connections of one event loop.
///
/// When thousands are due at a time, as when a crowd of silent clients is to be sent away, only a few
/// are called before the requests of others have their turn, on the loop and in the pool of threads.
/// NIO would call all that are due at one go, and looks through all of its timers to stop one.
final class ConnectionTimers: Sendable {
    private struct Entry: Comparable {
        let time: NIODeadline
        let timer: ConnectionTimer

        static func < (left: Entry, right: Entry) -> Bool { left.time < right.time }
        static func == (left: Entry, right: Entry) -> Bool { left.time == right.time }
    }

    private struct State {
        /// With those that were cancelled, until their time or until they are the larger part.
        var entries = Heap<Entry>()
        var cancelled = 0
        /// When the loop is to call those that are due; nil while it is not, or while it does.
        var next: (time: NIODeadline, task: Scheduled<Void>)?
        /// Whether some are due and wait for their turn.
        var isCalling = false
    }

    /// So many are called at a time.
    private static let atOnce = 8
    private static let leastCancelled = 1_024
    private static let ofThread = ThreadSpecificVariable<ConnectionTimers>()

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>

    private init(_ loop: any EventLoop) {
        self.loop = loop
        state = .makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Those of the event loop that this is called on.
    static func of(_ loop: any EventLoop) -> ConnectionTimers {
        loop.preconditionInEventLoop()
        if let known = ofThread.currentValue, known.loop === loop { return known }
        let timers = ConnectionTimers(loop)
        ofThread.currentValue = timers
        return timers
    }

    /// How many are kept, with those that were cancelled and are not let go yet.
    var count: Int { state.value.entries.count }

    /// Calls `action` on this event loop after a while, unless it is cancelled before.
    func start(after delay: Duration, _ action: @escaping () -> Void) -> ConnectionTimer {
        let timer = ConnectionTimer(of: self, action)
        let time = NIODeadline.now() + TimeAmount(delay)
        state.value.entries.insert(Entry(time: time, timer: timer))
        callDue(at: time)
        return timer
    }

    fileprivate func noteCancelled() {
        state.withValue { state in
            state.cancelled += 1
            guard state.cancelled >= Self.leastCancelled,
                state.cancelled > state.entries.count / 2
            else { return }
            state.entries = Heap(state.entries.unordered.filter(\.timer.isRunning))
            state.cancelled = 0
        }
    }

    private func callDue(at time: NIODeadline) {
        guard !state.value.isCalling else { return }
        if let next = state.value.next {
            guard time < next.time else { return }
            next.task.cancel()
        }
        let task = loop.assumeIsolated().scheduleTask(deadline: time) { self.callDue() }
        state.value.next = (time, task)
    }

    private func callDue() {
        state.withValue { state in
            state.next = nil
            state.isCalling = true
        }
        for _ in 0..<Self.atOnce {
            guard let action = takeDue() else {
                state.value.isCalling = false
                if let first = state.value.entries.min { callDue(at: first.time) }
                return
            }
            action()
        }
        loop.executeAfterOthers { self.callDue() }
    }

    private func takeDue() -> (() -> Void)? {
        let now = NIODeadline.now()
        return state.withValue { state in
            while let first = state.entries.min, first.time <= now {
                state.entries.removeMin()
                if let action = first.timer.take() { return action }
                state.cancelled -= 1
            }
            return nil
        }
    }
}

/// Something that is to be done after a while.
final class ConnectionTimer {
    private let timers: ConnectionTimers
    private var action: (() -> Void)?

    fileprivate init(of timers: ConnectionTimers, _ action: @escaping () -> Void) {
        self.timers = timers
        self.action = action
    }

    var isRunning: Bool { action != nil }

    func cancel() {
        guard take() != nil else { return }
        timers.noteCancelled()
    }

    fileprivate func take() -> (() -> Void)? {
        defer { action = nil }
        return action
    }
}

extension EventLoop {
    /// Does something when the requests that wait by now have had their turn, on this loop and in the
    /// pool of threads.
    func executeAfterOthers(_ work: @escaping @Sendable () -> Void) { Task { execute(work) } }
}

extension ChannelHandlerContext {
    /// Does something on this event loop after a while.
    @discardableResult
    func schedule(
        in delay: Duration, _ action: @escaping (ChannelHandlerContext) -> Void
    ) -> ConnectionTimer {
        ConnectionTimers.of(eventLoop).start(after: delay) { action(self) }
    }
}
