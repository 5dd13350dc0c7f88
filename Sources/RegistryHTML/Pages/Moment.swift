/// A point in time as pages show it, in UTC and whole seconds.
public struct Moment: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, within the years 0001 to 9999.
    public let seconds: Int64

    /// A moment of the years 0001 to 9999; seconds outside are clamped to them.
    public init(seconds: Int64) {
        self.seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
    }

    public static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }
}

/// The parts of a date in UTC, proleptic Gregorian.
struct CivilTime: Hashable, Sendable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
}

extension Moment {
    /// The date's parts in UTC.
    var civil: CivilTime {
        let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
        let rest = Int(seconds) - days * 86_400
        // Howard Hinnant, chrono-compatible low-level date algorithms: civil_from_days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return CivilTime(
            year: year, month: month < 10 ? month + 3 : month - 9,
            day: dayOfYear - (153 * month + 2) / 5 + 1,
            hour: rest / 3_600, minute: rest / 60 % 60, second: rest % 60)
    }
}
