internal import Synchronization

/// Counts publications, and wakes those who wait for the next.
final class Publications: Sendable {
    private struct State {
        var count: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastTicket: UInt64 = 0
    }

    private let state = Mutex(State())

    var count: UInt64 { state.withLock { $0.count } }

    func announce() {
        let woken = state.withLock { state in
            state.count &+= 1
            guard !state.waiting.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Returns at once when something was published since `count` was seen, else when something is,
    /// or when the task is cancelled.
    func wait(after count: UInt64) async {
        let ticket = state.withLock { state in
            state.lastTicket &+= 1
            return state.lastTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    // A cancellation from here on finds the continuation.
                    guard state.count == count, !Task.isCancelled else { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }
}
