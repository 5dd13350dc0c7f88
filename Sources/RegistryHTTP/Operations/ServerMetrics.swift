import HTTPTypes
import Synchronization

/// Counts what the server answers.
final class ServerMetrics: Sendable {
    private struct Answer: Hashable {
        let method: String
        let dialect: String
        let status: Int
    }

    private struct Counts {
        var answers: [Answer: UInt64] = [:]
        var seconds: [String: Histogram] = [:]
    }

    private static let bounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    /// Others share a label, or a client could make as many as it likes.
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private let counts = Mutex(Counts())

    func count(method: HTTPRequest.Method, dialect: String, status: Int, seconds: Double) {
        let name = Self.methods.contains(method.rawValue) ? method.rawValue : "other"
        let answer = Answer(method: name, dialect: dialect, status: status)
        counts.withLock { counts in
            counts.answers[answer, default: 0] &+= 1
            counts.seconds[dialect, default: Histogram(bounds: Self.bounds)].observe(seconds)
        }
    }

    var families: [MetricFamily] {
        let counts = counts.withLock { $0 }
        let answers = counts.answers.sorted { left, right in
            (left.key.dialect, left.key.method, left.key.status)
                < (right.key.dialect, right.key.method, right.key.status)
        }
        let dialects = counts.seconds.sorted { $0.key < $1.key }
        return [
            MetricFamily(
                .counter, "muster_http_requests_total", "Requests answered.",
                samples: answers.map { answer, count in
                    .init(
                        labels: [
                            ("method", answer.method), ("dialect", answer.dialect),
                            ("status", "\(answer.status)"),
                        ], value: Double(count))
                }),
            MetricFamily(
                .histogram, "muster_http_request_duration_seconds",
                "Time from a request's fields to its answer.",
                samples: dialects.flatMap { dialect, histogram in
                    histogram.samples(labels: [("dialect", dialect)])
                }),
        ]
    }
}
