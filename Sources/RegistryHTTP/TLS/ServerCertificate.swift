import Crypto
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The certificate that new connections are shown; it follows its files while it runs.
///
/// New files that cannot be used leave the old certificate in place, and are reported once.
final class ServerCertificate: Service {
    private struct State {
        var context: NIOSSLContext
        var clients: ClientCertificates?
        var stamps: [SHA256Digest?]
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
        state = Mutex(
            State(
                context: try files.context(), clients: try files.clientCertificates(),
                stamps: stamps))
        self.files = files
        self.logger = logger
        self.interval = interval
    }

    /// What is known of clients' certificates; nil where none are asked for.
    var clients: ClientCertificates? { state.withLock { $0.clients } }

    /// Speaks TLS on one connection.
    ///
    /// A client may show any certificate whose key it has: whether that says who it is, a request is
    /// told in words, and a handshake could not tell.
    func makeHandler() -> NIOSSLServerHandler {
        let (context, clients) = state.withLock { ($0.context, $0.clients) }
        guard let clients else { return NIOSSLServerHandler(context: context) }
        return NIOSSLServerHandler(context: context) { chain, promise in
            let shown = chain.prefix(Self.chainLimit).compactMap { try? $0.toDERBytes() }
            promise.completeWithTask {
                await clients.note(shown)
                return .certificateVerified
            }
        }
    }

    /// Certificates of a client that are looked at.
    private static let chainLimit = 10

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
            let (context, clients) = (try files.context(), try files.clientCertificates())
            state.withLock { ($0.context, $0.clients) = (context, clients) }
            logger.notice(
                "Took in a new certificate.", metadata: ["file": "\(files.certificate)"])
        } catch {
            logger.error("The old certificate stays in use: \(error)")
        }
    }
}
