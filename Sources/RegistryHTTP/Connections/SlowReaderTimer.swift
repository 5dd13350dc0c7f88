import NIOCore

/// Closes a channel whose client takes nothing of an answer for too long.
final class SlowReaderTimer {
    private let limits: Limits
    /// What a channel that takes more again has left to send, at most.
    private static let lowWatermark = 32 << 10
    /// What the client has not been seen to take.
    private var answerBytes = 0
    private var timer: ConnectionTimer?

    init(limits: Limits) { self.limits = limits }

    func beginAnswer() { answerBytes = 0 }

    /// So many more bytes of the answer are to be sent.
    func note(bytes: Int) { answerBytes += bytes }

    /// The time runs while the channel takes no more.
    func writabilityChanged(_ context: ChannelHandlerContext) {
        if context.channel.isWritable {
            timer?.cancel()
            timer = nil
            answerBytes = min(answerBytes, Self.lowWatermark)
        } else if timer == nil {
            let seconds = answerBytes / max(1, limits.minimumBodyBytesPerSecond)
            timer = context.schedule(in: limits.responseGrace + .seconds(seconds)) {
                $0.close(promise: nil)
            }
        }
    }

    func cancel() { timer?.cancel() }
}
