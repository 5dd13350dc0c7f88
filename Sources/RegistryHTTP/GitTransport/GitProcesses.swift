import Hummingbird
import Logging
import Synchronization

/// The git programs that run for requests: so many at a time, and three quarters of them for one
/// address.
final class GitProcesses: Sendable {
    private struct Counts {
        var running = 0
        var ofAddress: [String: Int] = [:]
        var started: UInt64 = 0
        var refused: UInt64 = 0
    }

    private let limit: Int
    private let counts = Mutex(Counts())

    init(limit: Int) { self.limit = limit }

    /// Starts a program for a request.
    ///
    /// - Parameter body: what goes into it; nil for nothing.
    /// - Throws: ``GitTransportError/busy(limit:)``.
    func start(
        _ program: GitProgram, body: RequestBody? = nil, _ context: AppRequestContext
    ) throws(GitTransportError) -> GitProcess {
        let address = context.remoteAddress ?? ""
        let isFree = counts.withLock { counts in
            let own = counts.ofAddress[address, default: 0]
            guard counts.running < limit, own < limit / 4 * 3 else {
                counts.refused &+= 1
                return false
            }
            counts.running += 1
            counts.ofAddress[address] = own + 1
            counts.started &+= 1
            return true
        }
        guard isFree else { throw .busy(limit: limit) }
        let process = GitProcess(program, logger: context.logger)
        process.start(with: body, on: context.connection) {
            self.end(from: address)
        }
        return process
    }

    private func end(from address: String) {
        counts.withLock { counts in
            counts.running -= 1
            let rest = counts.ofAddress[address, default: 1] - 1
            counts.ofAddress[address] = rest > 0 ? rest : nil
        }
    }

    var families: [MetricFamily] {
        let counts = counts.withLock { $0 }
        return [
            MetricFamily(
                .gauge, "muster_git_processes", "git programs that run for clients.",
                Double(counts.running)),
            MetricFamily(
                .counter, "muster_git_processes_total", "git programs started for clients.",
                Double(counts.started)),
            MetricFamily(
                .counter, "muster_git_refused_total",
                "git requests refused because as many as may were running.", Double(counts.refused)
            ),
        ]
    }
}
