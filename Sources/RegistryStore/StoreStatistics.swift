/// Counts since the start, for monitoring.
public struct StoreStatistics: Hashable, Sendable {
    /// Commits made by the server.
    public var commits: UInt64 = 0
    /// Transactions answered, whether they changed anything or not.
    public var transactions: UInt64 = 0
    /// Transactions that the writer refused or could not do.
    public var failures: UInt64 = 0
    /// Commits in one flush.
    public var batchSizes = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256])
    /// Seconds that the one flush of a batch took.
    public var flushSeconds = Histogram(
        bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1])

    public init() {}

    /// How many values fell under each bound.
    public struct Histogram: Hashable, Sendable {
        /// Upper bounds, ascending; the last bucket has none.
        public let bounds: [Double]
        /// Not cumulative; one more than there are bounds.
        public private(set) var counts: [UInt64]
        public private(set) var sum = 0.0

        public init(bounds: [Double]) {
            self.bounds = bounds
            counts = Array(repeating: 0, count: bounds.count + 1)
        }

        public var count: UInt64 { counts.reduce(0, &+) }

        public mutating func record(_ value: Double) {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] &+= 1
            sum += value
        }
    }
}
