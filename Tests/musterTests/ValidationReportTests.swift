import JSON
import Registry
import Testing

@testable import muster

@Suite("What muster validate says")
struct ValidationReportTests {
    private let report = ValidationReport(
        problems: [
            Problem(
                .error, .syntax, path: "devices/a:b,c.json", line: 3, reason: "100% wrong\nhere"),
            Problem(
                .warning, .reference, path: "devices/d.json",
                pointer: JSONPointer(tokens: ["grafana_dashboards", "0"]), reason: "There is no x."),
        ], documentCount: 2)

    @Test("for people it is a line a problem, and a sum")
    func text() {
        #expect(
            report.text == """
                error: devices/a:b,c.json:3: 100% wrong
                here
                warning: devices/d.json: /grafana_dashboards/0: There is no x.
                2 documents: 1 error, 1 warning
                """)
    }

    @Test("for scripts it has every part of a problem, null where there is none")
    func json() throws {
        let problems = try #require(report.json["problems"]?.array)
        #expect(report.json["valid"]?.bool == false)
        #expect(problems.first?["line"]?.int == 3)
        #expect(problems.first?["pointer"]?.isNull == true)
        #expect(problems.last?["pointer"]?.text == "/grafana_dashboards/0")
        #expect(problems.last?["rule"]?.text == "reference")
    }

    @Test("for GitHub it escapes what its commands mean")
    func annotations() {
        #expect(
            report.annotations == """
                ::error file=devices/a%3Ab%2Cc.json,line=3::100%25 wrong%0Ahere
                ::warning file=devices/d.json::/grafana_dashboards/0: There is no x.
                """)
    }

    @Test("warnings alone leave a registry valid")
    func warnings() {
        let report = ValidationReport(
            problems: report.problems.filter { $0.severity == .warning }, documentCount: 1)
        #expect(!report.hasErrors)
        #expect(report.summary == "1 document: 0 errors, 1 warning")
    }
}
