/// How long to wait after failures: twice as long after each, with a random part so that many
/// servers do not come back at once, and 5 minutes at most.
struct Backoff: Sendable {
    static let longest = 300.0
    private static let first = 2.0

    /// Failures in a row.
    private(set) var failures = 0

    mutating func reset() { failures = 0 }

    /// Counts one more failure.
    ///
    /// - Parameter random: from 0 to 1.
    /// - Returns: seconds to wait, between half and all of what is due.
    mutating func noteFailure(random: Double = .random(in: 0...1)) -> Double {
        failures += 1
        var due = Self.first
        for _ in 1..<max(2, min(failures, 20)) where failures > 1 { due *= 2 }
        return min(due, Self.longest) * (0.5 + random / 2)
    }
}
