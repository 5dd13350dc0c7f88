extension Moment {
    private static let months = [
        "Jan.", "Feb.", "March", "April", "May", "June",
        "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
    ]

    /// The date and time in Django's default English form: `Jan. 31, 2026, 12:44 p.m.`
    ///
    /// Django 4.2, `DATETIME_FORMAT = "N j, Y, P"`: full hours have no minutes, and
    /// 00:00 and 12:00 are words.
    public var django: String {
        let civil = civil
        return "\(Self.months[civil.month - 1]) \(civil.day), \(civil.year), \(Self.clock(civil))"
    }

    private static func clock(_ civil: CivilTime) -> String {
        if civil.minute == 0, civil.hour == 0 { return "midnight" }
        if civil.minute == 0, civil.hour == 12 { return "noon" }
        let hour = civil.hour % 12 == 0 ? 12 : civil.hour % 12
        let minutes = civil.minute == 0 ? "" : ":\(padded(civil.minute, 2))"
        return "\(hour)\(minutes) \(civil.hour < 12 ? "a.m." : "p.m.")"
    }

    /// The RFC 3339 form with whole seconds: `2026-01-31T12:44:05Z`.
    public var rfc3339: String {
        let civil = civil
        return day + "T" + Self.padded(civil.hour, 2) + ":" + Self.padded(civil.minute, 2) + ":"
            + Self.padded(civil.second, 2) + "Z"
    }

    /// The day alone: `2026-01-31`.
    var day: String {
        let civil = civil
        return Self.padded(civil.year, 4) + "-" + Self.padded(civil.month, 2) + "-"
            + Self.padded(civil.day, 2)
    }

    /// Day and minute in UTC: `2026-01-31 12:44`.
    var dayAndMinute: String {
        let civil = civil
        return day + " " + Self.padded(civil.hour, 2) + ":" + Self.padded(civil.minute, 2)
    }

    /// How long before `now` this was, in the largest whole unit: `3 hours ago`.
    func relative(to now: Moment) -> String {
        let age = now.seconds - seconds
        let length = age < 0 ? -age : age
        if length < 45 { return "just now" }
        let units: [(Int64, String)] = [
            (31_557_600, "year"), (2_629_800, "month"), (86_400, "day"), (3_600, "hour"),
            (60, "minute"),
        ]
        for (size, name) in units where length >= size {
            let count = length / size
            let span = "\(count) \(name)\(count == 1 ? "" : "s")"
            return age < 0 ? "in \(span)" : "\(span) ago"
        }
        return age < 0 ? "in a minute" : "a minute ago"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
