internal import Dispatch
internal import Glibc
internal import Synchronization

/// A thread of its own for what goes on behind the answers, one piece after the other; it may block.
///
/// At a lower priority than the threads that answer requests: beside writes at full speed reads are
/// answered in half of the time, and writes are hardly slower.
final class WorkThread: SerialExecutor {
    private let pieces = Pieces()

    /// See setpriority(2).
    private static let niceness: Int32 = 10

    /// - Parameter label: of which the system shows the first 15 bytes.
    init(label: String) {
        let opaque = Unmanaged.passRetained(Start(pieces: pieces, label: label)).toOpaque()
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { start in
                guard let start else { return nil }
                Unmanaged<Start>.fromOpaque(start).takeRetainedValue().run()
                return nil
            }, opaque)
        if status == 0 {
            pthread_detach(thread)
        } else {
            // One of the system's is better than none.
            let pieces = Unmanaged<Start>.fromOpaque(opaque).takeRetainedValue().pieces
            DispatchQueue.global().async { pieces.run() }
        }
    }

    /// The thread ends when it has done what it was given.
    deinit { pieces.add(nil) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Does `work` behind all that was given before.
    func async(_ work: @escaping @Sendable () -> Void) { pieces.add(work) }

    /// Waits until all that was given before is done; not on the thread itself.
    func wait() {
        let done = DispatchSemaphore(value: 0)
        async { done.signal() }
        done.wait()
    }

    private final class Pieces: Sendable {
        /// Oldest first; nil is the end.
        private let waiting = Mutex<[(@Sendable () -> Void)?]>([])
        private let isThere = DispatchSemaphore(value: 0)

        func add(_ piece: (@Sendable () -> Void)?) {
            waiting.withLock { $0.append(piece) }
            isThere.signal()
        }

        func run() {
            while true {
                isThere.wait()
                guard let work = waiting.withLock({ $0.removeFirst() }) else { return }
                work()
            }
        }
    }

    private final class Start: Sendable {
        let pieces: Pieces
        private let label: String

        init(pieces: Pieces, label: String) {
            self.pieces = pieces
            self.label = label
        }

        func run() {
            if let name = fopen("/proc/thread-self/comm", "w") {
                fputs(label, name)
                fclose(name)
            }
            // On Linux this is of the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, WorkThread.niceness)
            pieces.run()
        }
    }
}
