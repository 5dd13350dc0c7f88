extension Timestamp {
    /// Reads a time as people say it, in UTC: RFC 3339, `2026-01-31` or `2026-01-31 12:00`, `now`,
    /// `today`, `yesterday` (midnight at the day's beginning), `3 days ago`.
    public init?(saying text: String, now: Timestamp = .now) {
        let words = text.split(separator: " ").map { $0.lowercased() }
        switch words {
        case ["now"]: self = now
        case ["today"]: self = now.midnight(daysBefore: 0)
        case ["yesterday"]: self = now.midnight(daysBefore: 1)
        case let words where words.count == 3 && words[2] == "ago":
            guard let count = Int64(words[0]), count >= 0, let unit = Self.unit(words[1]),
                case (let span, false) = unit.multipliedReportingOverflow(by: count),
                case (let time, false) = now.microseconds.subtractingReportingOverflow(span)
            else { return nil }
            self.init(microseconds: time)
        default:
            guard let time = Self.parse(text) else { return nil }
            self = time
        }
    }

    private static func parse(_ text: String) -> Timestamp? {
        if let time = Timestamp(parsing: text) { return time }
        if let time = Timestamp(parsing: text + "T00:00:00Z") { return time }
        let spelled = text.replacing(" ", with: "T")
        return Timestamp(parsing: spelled + "Z") ?? Timestamp(parsing: spelled + ":00Z")
    }

    private func midnight(daysBefore days: Int64) -> Timestamp {
        let day = 86_400 * 1_000_000 as Int64
        let floor = microseconds - (microseconds % day + day) % day
        return Timestamp(microseconds: floor - days * day)
    }

    /// In microseconds.
    private static func unit(_ word: String) -> Int64? {
        let seconds: [(name: String, seconds: Int64)] = [
            ("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400), ("week", 604_800),
            ("month", 30 * 86_400), ("year", 365 * 86_400),
        ]
        return seconds.first { word == $0.name || word == $0.name + "s" }
            .map { $0.seconds * 1_000_000 }
    }
}
