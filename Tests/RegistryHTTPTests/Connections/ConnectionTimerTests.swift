import NIOCore
import NIOPosix
import Testing

@testable import RegistryHTTP

@Suite("Timers of connections")
struct ConnectionTimerTests {
    private typealias Calls = AsyncStream<Int>

    /// Starts timers on an event loop of their own.
    private func withTimers<Result>(
        _ start: @escaping @Sendable (ConnectionTimers, Calls.Continuation) -> Void,
        _ check: (any EventLoop, Calls) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let (calls, continuation) = Calls.makeStream()
        try await loop.submit { start(.of(loop), continuation) }.get()
        let result = try await check(loop, calls)
        try await group.shutdownGracefully()
        return result
    }

    private func countOfTimers(on loop: any EventLoop) async throws -> Int {
        try await loop.submit { ConnectionTimers.of(loop).count }.get()
    }

    @Test("they are called in the order of their times; those that were cancelled are not")
    func order() async throws {
        let called = try await withTimers { timers, calls in
            for number in [5, 3, 1, 4, 2] {
                let timer = timers.start(after: .milliseconds(20 * number)) { calls.yield(number) }
                if number == 4 { timer.cancel() }
            }
            _ = timers.start(after: .milliseconds(120)) { calls.finish() }
        } _: { _, calls in
            await calls.reduce(into: []) { $0.append($1) }
        }
        #expect(called == [1, 2, 3, 5])
    }

    @Test("one that is started by another is called too")
    func started() async throws {
        let called = try await withTimers { timers, calls in
            _ = timers.start(after: .milliseconds(1)) {
                calls.yield(1)
                _ = timers.start(after: .zero) {
                    calls.yield(2)
                    calls.finish()
                }
            }
        } _: { _, calls in
            await calls.reduce(into: []) { $0.append($1) }
        }
        #expect(called == [1, 2])
    }

    @Test("when many are due at once, other work of the loop does not wait for all of them")
    func manyAtOnce() async throws {
        let count = 20_000
        try await withTimers { timers, calls in
            for number in 1...count { _ = timers.start(after: .zero) { calls.yield(number) } }
        } _: { loop, calls in
            var iterator = calls.makeAsyncIterator()
            _ = await iterator.next()
            let left = try await countOfTimers(on: loop)
            #expect(left > 0)
            for _ in 1..<count { _ = await iterator.next() }
            let atEnd = try await countOfTimers(on: loop)
            #expect(atEnd == 0)
        }
    }

    @Test("those that were cancelled do not stay until their time")
    func cancelled() async throws {
        try await withTimers { timers, _ in
            let kept = (1...10).map { _ in timers.start(after: .seconds(3_600)) {} }
            for _ in 1...50_000 { timers.start(after: .seconds(3_600)) {}.cancel() }
            kept.first?.cancel()
        } _: { loop, _ in
            let left = try await countOfTimers(on: loop)
            #expect(left < 2_100)
        }
    }
}
