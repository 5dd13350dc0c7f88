import AsyncAlgorithms
import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Subprocess
import Synchronization

/// One git program that runs for one request: the request's body goes into it as it comes, and what
/// it says is handed on as fast as the client takes it.
///
/// When the client goes away, the program ends with everything that it has started.
final class GitProcess: Sendable {
    /// What a program may still do after the server was told to stop.
    private static let shutdownGrace: Duration = .seconds(5)

    /// What the program says, one piece at a time.
    let output = AsyncThrowingChannel<ByteBuffer, any Error>()
    private let program: GitProgram
    private let logger: Logger
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let bodyTaken = Atomic(false)

    init(_ program: GitProgram, logger: Logger) {
        self.program = program
        self.logger = logger
    }

    /// Whether the whole body of the request is with the program.
    var hasTakenBody: Bool { bodyTaken.load(ordering: .acquiring) }

    /// Begins; `onEnd` is called when nothing of it runs any more.
    func start(
        with body: RequestBody?, on connection: Connection, onEnd: @escaping @Sendable () -> Void
    ) {
        let running = Task {
            await withTaskGroup { group in
                group.addTask { await self.run(body) }
                group.addTask { await Self.endAfterShutdown(of: connection) }
                await group.next()
                group.cancelAll()
            }
            onEnd()
        }
        task.withLock { $0 = running }
        if body != nil { connection.keepBodyComing() }
        connection.whenGone { running.cancel() }
    }

    /// A client that takes nothing more would keep its answer from ending.
    private static func endAfterShutdown(of connection: Connection) async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: shutdownGrace)
            connection.channel.close(promise: nil)
        } catch {}
    }

    /// Ends the program and what it has started.
    func cancel() { task.withLock { $0 }?.cancel() }

    private func run(_ body: RequestBody?) async {
        do {
            let process = Mutex<pid_t?>(nil)
            let result = try await Subprocess.run(
                .name("sh"), arguments: Arguments(program.limits.command(program.arguments)),
                environment: .custom(environment), platformOptions: .ownGroup,
                input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                process.withLock { $0 = execution.processIdentifier.value }
                return await self.handOn(body, execution)
            }
            if Task.isCancelled, let group = process.withLock({ $0 }) {
                await ProcessGroup(id: group).end()
            }
            finish(result.terminationStatus, words: result.closureResult)
        } catch {
            logger.error("A git program could not be run.", metadata: ["error": "\(error)"])
            output.fail(GitTransportError.failed)
        }
    }

    private var environment: [Subprocess.Environment.Key: String] {
        program.environment.reduce(into: [:]) { variables, variable in
            guard let name = Subprocess.Environment.Key(rawValue: variable.key) else { return }
            variables[name] = variable.value
        }
    }

    /// - Returns: what the program said to its operator.
    private func handOn(
        _ body: RequestBody?,
        _ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>
    ) async -> String {
        await withTaskGroup(of: String?.self) { group in
            group.addTask {
                await self.forward(body, to: execution.standardInputWriter)
                return nil
            }
            group.addTask { await Self.end(of: execution.standardError) }
            await forward(execution.standardOutput)
            await letBodyEnd()
            group.cancelAll()
            return await group.reduce("") { words, more in words + (more ?? "") }
        }
    }

    /// The end of a body that the program has no use for is read, so that its connection can serve
    /// the next request; but not for long.
    private func letBodyEnd() async {
        for _ in 0..<100 where !hasTakenBody && !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private func forward(_ body: RequestBody?, to input: StandardInputWriter) async {
        do {
            var isOpen = true
            if let body {
                for try await part in body where part.readableBytes > 0 && isOpen {
                    // A program that has ended wants no more, which is no trouble.
                    isOpen = (try? await input.write(Array(part.readableBytesView))) != nil
                }
            }
        } catch {
            logger.debug("A push ended early.", metadata: ["error": "\(error)"])
        }
        try? await input.finish()
        bodyTaken.store(true, ordering: .releasing)
    }

    private func forward(_ said: SubprocessOutputSequence) async {
        do {
            for try await piece in said {
                await output.send(piece.withUnsafeBytes { ByteBuffer(bytes: $0) })
                if Task.isCancelled { return }
            }
        } catch {
            logger.debug("git's answer ended early.", metadata: ["error": "\(error)"])
        }
    }

    /// The last bytes of what a program says to its operator.
    private static func end(of said: SubprocessOutputSequence) async -> String {
        var bytes: [UInt8] = []
        do {
            for try await piece in said {
                piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
                bytes.removeFirst(max(0, bytes.count - 4096))
            }
        } catch {}
        return String(decoding: bytes, as: UTF8.self)
    }

    private func finish(_ status: TerminationStatus, words: String) {
        guard !Task.isCancelled, case .exited(let code) = status else {
            // Half an answer must not look like a whole one.
            output.fail(GitTransportError.failed)
            return
        }
        if code != 0 {
            // What the client is to know of it is in the answer already.
            logger.info(
                "A git program failed.", metadata: ["code": "\(code)", "reason": "\(words)"])
        }
        output.finish()
    }
}
