/// One metric with its samples, as Prometheus reads it (text format 0.0.4).
struct MetricFamily: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    struct Sample: Sendable {
        /// `_bucket`, `_sum` and `_count` of a histogram, else empty.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    let name: String
    let help: String
    let kind: Kind
    var samples: [Sample]

    /// A metric with one value and no labels.
    init(_ kind: Kind, _ name: String, _ help: String, _ value: Double) {
        self.init(kind, name, help, samples: [Sample(value: value)])
    }

    init(_ kind: Kind, _ name: String, _ help: String, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }

    /// The lines of the family, each with its line end.
    var text: String {
        let head =
            "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
            + "# TYPE \(name) \(kind.rawValue)\n"
        return samples.reduce(into: head) { text, sample in
            text += "\(name)\(sample.suffix)\(Self.labels(sample.labels)) "
            text += "\(Self.number(sample.value))\n"
        }
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
