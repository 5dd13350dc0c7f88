internal import Dispatch
internal import Synchronization

/// Does the halves of some work on two threads at once.
package func inHalves(_ count: Int, _ work: @Sendable (Range<Int>) -> Void) {
    DispatchQueue.concurrentPerform(iterations: 2) { half in
        work(half == 0 ? 0..<count / 2 : count / 2..<count)
    }
}

extension Array where Element: Sendable {
    /// The same as `map`; of more than 512 elements on two threads at once.
    package func mapInHalves<Result: Sendable>(
        _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        guard count > 512 else { return map(transform) }
        let halves = Mutex<[Int: [Result]]>([:])
        inHalves(count) { range in
            let half = self[range].map(transform)
            halves.withLock { $0[range.lowerBound] = half }
        }
        return halves.withLock { halves in halves.keys.sorted().flatMap { halves[$0] ?? [] } }
    }
}

/// Does two things on two threads at once.
package func atOnce<One: Sendable, Other: Sendable>(
    _ one: @Sendable () -> One, _ other: @Sendable () -> Other
) -> (One, Other) {
    let results = Mutex<(One?, Other?)>((nil, nil))
    DispatchQueue.concurrentPerform(iterations: 2) { number in
        if number == 0 {
            let result = one()
            results.withLock { $0.0 = result }
        } else {
            let result = other()
            results.withLock { $0.1 = result }
        }
    }
    let (first, second) = results.withLock { $0 }
    return (first ?? one(), second ?? other())
}
