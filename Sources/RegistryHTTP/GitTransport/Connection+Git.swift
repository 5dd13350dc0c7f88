import NIOCore

extension Connection {
    /// Has the client told to send its body, and lets it take its time: a git client thinks while
    /// it sends.
    func keepBodyComing() {
        channel.triggerUserOutboundEvent(BodyWanted(isPatient: true), promise: nil)
    }

    /// Calls once when the client goes away before its answer is complete.
    func whenGone(_ action: @escaping @Sendable () -> Void) {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenFailure { [channel] _ in
            // Then there is no guard any more that could tell.
            if !channel.isActive { action() }
        }
        channel.triggerUserOutboundEvent(DepartureWatch(action: action), promise: promise)
    }
}
