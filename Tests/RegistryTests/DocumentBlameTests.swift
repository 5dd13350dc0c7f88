import JSON
import Registry
import Testing

@Suite("Telling where the parts of a document come from")
struct DocumentBlameTests {
    /// The versions of a document, newest first; gives for each part the version that set it.
    private func origins(_ path: String, _ versions: [String]) -> [String: Int] {
        var blame = DocumentBlame(path: path, bytes: Array(versions[0].utf8))
        var origins: [String: Int] = [:]
        for place in versions.indices {
            let older = place + 1 < versions.count ? Array(versions[place + 1].utf8) : nil
            for part in blame.stepBack(to: older) {
                switch blame.parts[part] {
                case .field(let pointer, _): origins[pointer.description] = place
                case .line(let number, _): origins["\(number)"] = place
                }
            }
        }
        #expect(blame.open.isEmpty)
        return origins
    }

    @Test("each field belongs to the last version that changed it")
    func fields() {
        let found = origins(
            "devices/d.json",
            [
                #"{"a": 1, "b": {"c": 3, "d": 4}, "e": 5}"#,
                #"{"a": 1, "b": {"c": 2, "d": 4}, "e": 5}"#,
                #"{"a": 1, "b": {"c": 2}, "e": 4}"#,
                #"{"b": {"c": 2}, "e": 5}"#,
            ])
        #expect(found == ["/a": 2, "/b/c": 0, "/b/d": 1, "/e": 1])
    }

    @Test("elements of lists are followed to where they were")
    func lists() {
        let found = origins(
            "devices/d.json",
            [
                #"{"names": ["x", "a", "b"], "numbers": [1, 2, 4]}"#,
                #"{"names": ["a", "b"], "numbers": [1, 4]}"#,
                #"{"names": ["b"], "numbers": [4]}"#,
            ])
        #expect(found["/names/0"] == 0)
        #expect(found["/names/1"] == 1)
        #expect(found["/names/2"] == 2)
        #expect(found["/numbers/2"] == 2)
    }

    @Test("a version that cannot be read is passed over")
    func unreadable() {
        let found = origins(
            "devices/d.json", [#"{"a": 1, "b": 2}"#, "{", #"{"a": 1, "b": 1}"#])
        #expect(found["/a"] == 2)
        #expect(found["/b"] == 1)
    }

    @Test("lines of a rule file belong to the version that wrote them")
    func lines() {
        let found = origins(
            "prometheus_alert_rules/r.rules", ["a\nB\nc\nd\n", "a\nb\nc\n", "a\nb\n"])
        #expect(found == ["1": 2, "2": 0, "3": 1, "4": 0])
    }

    @Test(
        "times as people say them",
        arguments: [
            ("2026-01-31", "2026-01-31T00:00:00.000000Z"),
            ("2026-01-31 12:30", "2026-01-31T12:30:00.000000Z"),
            ("2026-01-31T12:30", "2026-01-31T12:30:00.000000Z"),
            ("2026-01-31T12:30:00+01:00", "2026-01-31T11:30:00.000000Z"),
            ("yesterday", "2026-03-01T00:00:00.000000Z"), ("Today", "2026-03-02T00:00:00.000000Z"),
            ("2 hours ago", "2026-03-02T03:04:05.000000Z"),
            ("1 day ago", "2026-03-01T05:04:05.000000Z"),
        ])
    func times(text: String, expected: String) throws {
        let now = try #require(Timestamp(parsing: "2026-03-02T05:04:05Z"))
        #expect(Timestamp(saying: text, now: now)?.description == expected)
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "main", "3 moons ago", "-1 days ago", "99999999999999999999 days ago",
            "9223372036854775807 years ago", "2026-13-01",
        ])
    func noTimes(text: String) { #expect(Timestamp(saying: text) == nil) }
}
