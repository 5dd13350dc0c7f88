/// How often a quantity fell below each of some bounds.
struct Histogram: Sendable {
    /// Ascending; one more bucket, without bound, follows.
    let bounds: [Double]
    /// How many fell into each bucket, the last one included.
    private(set) var counts: [UInt64]
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] &+= 1
        sum += value
    }

    /// The cumulative samples that Prometheus wants.
    func samples(labels: [(name: String, value: String)] = []) -> [MetricFamily.Sample] {
        Self.samples(bounds: bounds, counts: counts, sum: sum, labels: labels)
    }

    /// `counts` are those of each bucket alone, one more than there are bounds.
    static func samples(
        bounds: [Double], counts: [UInt64], sum: Double,
        labels: [(name: String, value: String)] = []
    ) -> [MetricFamily.Sample] {
        var total: UInt64 = 0
        var samples: [MetricFamily.Sample] = []
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total &+= count
            let text = bound == .infinity ? "+Inf" : "\(bound)"
            samples.append(
                .init(suffix: "_bucket", labels: labels + [("le", text)], value: Double(total)))
        }
        samples.append(.init(suffix: "_sum", labels: labels, value: sum))
        samples.append(.init(suffix: "_count", labels: labels, value: Double(total)))
        return samples
    }
}
