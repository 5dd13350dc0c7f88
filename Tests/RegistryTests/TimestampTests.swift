import Foundation
import Testing

@testable import Registry

@Suite("Times in text")
struct TimestampTests {
    @Test(
        "RFC 3339 with any offset and up to nine digits of a fraction is read",
        arguments: [
            ("2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00.123456Z"),
            ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000Z"),
            ("2026-01-31t12:00:00.1z", "2026-01-31T12:00:00.100000Z"),
            ("2026-01-31 12:00:00.123456789+02:30", "2026-01-31T09:30:00.123456Z"),
            ("2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00.000000Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"),
            ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
        ])
    func reading(text: String, expected: String) {
        #expect(Timestamp(parsing: text)?.description == expected)
    }

    @Test(
        "what is no time of RFC 3339 is refused",
        arguments: [
            "", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z",
            "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.1234567890Z",
            "2026-01-31T12:00:00+0200", "2026-01-31T12:00:00Z ", "0000-01-01T00:00:00Z",
            "२०२६-01-31T12:00:00Z", "2026-01-31T12:00:00+24:00",
        ])
    func refusing(text: String) { #expect(Timestamp(parsing: text) == nil) }

    @Test("every day of six centuries is the day that Foundation says")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: -110_000, to: 110_000, by: 97) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let civil = Timestamp(microseconds: Int64(day) * 86_400_000_000).civil
            #expect(civil.year == parts.year && civil.month == parts.month)
            #expect(civil.day == parts.day && civil.hour == 0)
        }
    }

    @Test("the present reads back from its own text")
    func now() {
        let now = Timestamp.now
        #expect(Timestamp(parsing: now.description) == now)
        #expect(abs(Double(now.microseconds) / 1e6 - Date().timeIntervalSince1970) < 60)
    }
}
