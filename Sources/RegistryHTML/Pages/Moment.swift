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
    /// The moment a civil time names; the parts are not checked.
    init(_ civil: CivilTime) {
        // Howard Hinnant, chrono-compatible low-level date algorithms: days_from_civil.
        let year = civil.month <= 2 ? civil.year - 1 : civil.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let shifted = civil.month > 2 ? civil.month - 3 : civil.month + 9
        let dayOfYear = (153 * shifted + 2) / 5 + civil.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        self.init(
            seconds: Int64(days * 86_400 + civil.hour * 3_600 + civil.minute * 60 + civil.second))
    }

    /// The date's parts in UTC.
    var civil: CivilTime {
        let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
        let rest = Int(seconds) - days * 86_400
        // The same source: civil_from_days.
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

extension Moment {
    /// The moment an RFC 3339 date and time names, its fraction dropped; nil when it is none.
    ///
    /// A time without an offset is read as UTC.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2), reader.skip("T", "t", " "),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2)
        else { return nil }
        guard year >= 1, (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60, second <= 60, reader.skipFraction(),
            let offset = reader.offsetSeconds()
        else { return nil }
        let civil = CivilTime(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        self.init(seconds: Moment(civil).seconds - Int64(offset))
    }
}

/// Reads fixed-width numbers and marks from the front of some bytes.
private struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<(position + digits)] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += digits
        return value
    }

    mutating func skip(_ marks: Unicode.Scalar...) -> Bool {
        guard position < bytes.count else { return false }
        guard marks.contains(where: { $0.value == UInt32(bytes[position]) }) else { return false }
        position += 1
        return true
    }

    mutating func skipFraction() -> Bool {
        guard skip(".", ",") else { return true }
        let start = position
        while number(digits: 1) != nil {}
        return position > start
    }

    mutating func offsetSeconds() -> Int? {
        if position == bytes.count { return 0 }
        if skip("Z", "z") { return position == bytes.count ? 0 : nil }
        let sign = skip("-") ? -1 : 1
        guard sign < 0 || skip("+"), let hours = number(digits: 2), skip(":"),
            let minutes = number(digits: 2), position == bytes.count, hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
