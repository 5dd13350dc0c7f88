import Glibc
import Subprocess

extension PlatformOptions {
    /// A process group of its own, so that what the program starts can be ended with it: git's
    /// programs start others. They clean up when they are asked to end.
    static var ownGroup: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(
                signal: .terminate, toProcessGroup: true,
                allowedDurationToNextStep: ProcessGroup.grace)
        ]
        return options
    }
}

/// The processes that one program has started, and itself.
struct ProcessGroup {
    /// How long programs may take to clean up.
    static let grace: Duration = .seconds(2)

    /// The id of its first process.
    let id: pid_t

    /// Ends those that are still there after the first is gone: they were asked together with it.
    func end() async {
        let deadline = ContinuousClock.now + Self.grace
        while kill(-id, 0) == 0 {
            guard ContinuousClock.now < deadline else {
                kill(-id, SIGKILL)
                return
            }
            // The task is cancelled, and this sleeps nevertheless.
            await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
        }
    }
}
