import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The certificate that new connections are shown; it follows its files while it runs.
///
/// New files that cannot be used leave the old certificate in place, and are reported once.
final class ServerCertificate: Service {
    private struct State {
        var context: NIOSSLContext
        var stamps: [FileStamp?]
    }

    private let files: TLSFiles
    private let logger: Logger
    private let interval: Duration
    private let state: Mutex<State>

    /// - Parameter interval: how often the files are looked at.
    init(
        _ files: TLSFiles, logger: Logger, interval: Duration = .seconds(2)
    ) throws(TLSProblem) {
        // Taken first: what is written meanwhile is seen at the next look.
        let stamps = files.stamps
        state = Mutex(State(context: try files.context(), stamps: stamps))
        self.files = files
        self.logger = logger
        self.interval = interval
    }

    var context: NIOSSLContext { state.withLock { $0.context } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: self.interval)) != nil { self.look() }
        }
    }

    private func look() {
        let stamps = files.stamps
        let isNew = state.withLock { state in
            defer { state.stamps = stamps }
            return state.stamps != stamps
        }
        guard isNew else { return }
        do throws(TLSProblem) {
            let context = try files.context()
            state.withLock { $0.context = context }
            logger.notice(
                "Took in a new certificate.", metadata: ["file": "\(files.certificate)"])
        } catch {
            logger.error("The old certificate stays in use: \(error)")
        }
    }
}
