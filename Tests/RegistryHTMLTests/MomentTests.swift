import FoundationEssentials
import Testing

@testable import RegistryHTML

@Suite("Dates on pages")
struct MomentTests {
    @Test(
        "a date is written as Django writes it",
        arguments: [
            ("2026-01-31T12:44:05Z", "Jan. 31, 2026, 12:44 p.m."),
            ("2026-02-01T00:00:59Z", "Feb. 1, 2026, midnight"),
            ("2026-03-09T12:00:00Z", "March 9, 2026, noon"),
            ("2026-04-09T13:00:00Z", "April 9, 2026, 1 p.m."),
            ("2026-05-09T00:05:00Z", "May 9, 2026, 12:05 a.m."),
            ("2026-06-30T01:00:00Z", "June 30, 2026, 1 a.m."),
            ("2026-07-09T11:59:59Z", "July 9, 2026, 11:59 a.m."),
            ("2026-08-09T23:59:59Z", "Aug. 9, 2026, 11:59 p.m."),
            ("2026-09-09T10:30:00Z", "Sept. 9, 2026, 10:30 a.m."),
            ("2026-10-09T12:01:00Z", "Oct. 9, 2026, 12:01 p.m."),
            ("2026-11-09T22:00:00Z", "Nov. 9, 2026, 10 p.m."),
            ("2024-02-29T09:09:00Z", "Feb. 29, 2024, 9:09 a.m."),
            ("1999-12-31T23:00:00Z", "Dec. 31, 1999, 11 p.m."),
        ])
    func django(text: String, shown: String) throws {
        #expect(try #require(Moment(rfc3339: text)).django == shown)
    }

    @Test("seconds of any size name a day between the years 1 and 9999")
    func extremes() {
        #expect(Moment(seconds: .min).rfc3339 == "0001-01-01T00:00:00Z")
        #expect(Moment(seconds: .max).rfc3339 == "9999-12-31T23:59:59Z")
        #expect(Moment(seconds: -1).rfc3339 == "1969-12-31T23:59:59Z")
    }

    @Test("Foundation reads the same moment, for a day in every month of Gregorian years")
    func roundTrip() {
        for seconds in stride(from: Int64(-11_676_096_000), to: 253_402_300_799, by: 2_629_801) {
            let moment = Moment(seconds: seconds)
            #expect(Moment(rfc3339: moment.rfc3339) == moment)
        }
    }

    @Test(
        "an age is told in its largest unit",
        arguments: [
            (0, "just now"), (44, "just now"), (45, "a minute ago"), (60, "1 minute ago"),
            (3_599, "59 minutes ago"), (7_200, "2 hours ago"), (86_400, "1 day ago"),
            (31_557_600, "1 year ago"), (-7_200, "in 2 hours"),
        ] as [(Int64, String)])
    func relative(age: Int64, text: String) {
        #expect(Sample.ago(age).relative(to: Sample.now) == text)
    }
}

extension Moment {
    /// The moment that a date of whole seconds names, read by Foundation.
    init?(rfc3339 text: String) {
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        self.init(seconds: Int64(date.timeIntervalSince1970))
    }
}
