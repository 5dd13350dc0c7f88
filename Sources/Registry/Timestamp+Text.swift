#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

extension Timestamp {
    /// The moment of the call, by the system's clock.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// The parts of the moment in UTC, in the proleptic Gregorian calendar.
    public var civil:
        (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int)
    {
        let (seconds, microsecond) = microseconds.floored(by: 1_000_000)
        let (days, second) = seconds.floored(by: 86_400)
        let date = civilDate(daysSince1970: Int(days))
        let time = Int(second)
        return (
            date.year, date.month, date.day, time / 3600, time / 60 % 60, time % 60,
            Int(microsecond)
        )
    }

    /// `2026-01-31T12:00:00.123456Z`, always with six digits.
    public var description: String {
        let civil = civil
        var text: [UInt8] = []
        text.reserveCapacity(27)
        func append(_ number: Int, digits: Int) {
            let decimal = String(number)
            text.append(
                contentsOf: repeatElement(
                    UInt8(ascii: "0"), count: max(0, digits - decimal.utf8.count)))
            text.append(contentsOf: decimal.utf8)
        }
        append(civil.year, digits: 4)
        for (separator, number) in [
            ("-", civil.month), ("-", civil.day), ("T", civil.hour), (":", civil.minute),
            (":", civil.second),
        ] {
            text.append(contentsOf: separator.utf8)
            append(number, digits: 2)
        }
        text.append(UInt8(ascii: "."))
        append(civil.microsecond, digits: 6)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a date and time of RFC 3339 with any offset and a fraction of at most nine digits, of
    /// which six are kept.
    public init?(parsing text: String) {
        var text = text
        guard let timestamp = text.withUTF8({ Timestamp(parsing: $0) }) else { return nil }
        self = timestamp
    }

    /// The same for the bytes of a text.
    init?(parsing text: UnsafeBufferPointer<UInt8>) {
        var reader = TimestampReader(bytes: text)
        guard let timestamp = reader.read() else { return nil }
        self = timestamp
    }
}

/// Reads the grammar of RFC 3339, section 5.6, byte by byte.
private struct TimestampReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func read() -> Timestamp? {
        guard let year = number(digits: 4), year >= 1, skip("-"),
            let month = number(digits: 2), (1...12).contains(month), skip("-"),
            let day = number(digits: 2), (1...daysInMonth(month, year: year)).contains(day),
            skip("T") || skip("t") || skip(" "),
            let hour = number(digits: 2), hour < 24, skip(":"),
            let minute = number(digits: 2), minute < 60, skip(":"),
            let second = number(digits: 2), second < 61,
            let fraction = fraction(), let offset = offset(), position == bytes.count
        else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Timestamp(microseconds: Int64(seconds) * 1_000_000 + Int64(fraction))
    }

    private mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[position..<position + digits] {
            guard let digit = digitValue(byte) else { return nil }
            number = number * 10 + digit
        }
        position += digits
        return number
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else {
            return false
        }
        position += 1
        return true
    }

    /// Microseconds.
    private mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var microseconds = 0
        var digits = 0
        while position < bytes.count, let digit = digitValue(bytes[position]) {
            digits += 1
            if digits <= 6 { microseconds = microseconds * 10 + digit }
            position += 1
        }
        guard (1...9).contains(digits) else { return nil }
        while digits < 6 {
            microseconds *= 10
            digits += 1
        }
        return microseconds
    }

    /// Seconds east of UTC.
    private mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign = skip("+") ? 1 : -1
        guard sign == 1 || skip("-"), let hour = number(digits: 2), hour < 24, skip(":"),
            let minute = number(digits: 2), minute < 60
        else { return nil }
        return sign * (hour * 3600 + minute * 60)
    }
}

private func digitValue(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
}

private func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

// Both from Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that
// begin on 1 March, so that the leap day is the last of its year.

private func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = year.floored(by: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
    let yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

extension BinaryInteger where Self: SignedInteger {
    /// Quotient rounded down, and the remainder, which is never negative.
    fileprivate func floored(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
