import JSON
import Testing

@testable import Registry

@Suite("Rule files")
struct RuleFileTests {
    @Test(
        "a YAML mapping is kept as its author wrote it",
        arguments: [
            "groups: []", "{}", "a: 1 # comment", "    a: 1\n    b: 2\n", "--- \na: 1\n...\n",
            "{\"groups\": [{\"name\": \"j\"}]}", "a: &x {b: 1}\nc: *x\n", "a: !!str 5",
            "a: |\n  x\n  y",
            "a: !!map {}\nb: !!seq []", "a: \"100%% of 50%% used\"", "expr: a %% b",
            "a: x {% if %}",
            "a: '{# c #}'", "a: \"{{ $labels.instance }}\"", "a:\n- b: [c, {d: e}]", "'a': \"b\"",
        ])
    func accepted(text: String) throws {
        let rules = try RuleFile(text: text)
        #expect(rules.text == text && !rules.isTemplate)
        #expect(try rules.rendered(for: id("robot-1")) == text)
    }

    @Test(
        "other YAML and what is no YAML is refused with its line",
        arguments: [
            ("a: [", 1), ("a: 1\n---\nb: 2", 2), ("x: 1\na: !!python/object:os.system x", 2),
            ("a: 1\n  b: 2", 2), ("a:\n\tb: 1", 2), ("a: 1\na: 2", 1), ("a: *nowhere", 1),
            ("a: !foo x", 1), ("a: !!int x", 1), ("a: !!binary AAAA", 1), ("a: !!set {b}", 1),
            ("? [a]\n: 1", 1), ("a: \"\u{1}\"", 1), ("%YAML 3.0\n---\na: 1", 1), ("a: @x", 1),
        ])
    func refused(text: String, line: Int) throws {
        let error = #expect(throws: InvalidDocument.self) { try RuleFile(parsing: file(text)) }
        #expect(error?.rule == .syntax)
        #expect(error?.line == line, "\(error?.description ?? "")")
    }

    @Test(
        "the root must be a mapping",
        arguments: ["", "# nothing", "- a", "text", "5", "null", "---\n"])
    func notAMapping(text: String) {
        #expect(throws: RuleFileError.notAMapping) { try RuleFile(text: text) }
    }

    @Test(
        "the placeholder makes a template, in any key or value",
        arguments: [
            "a: x-%%juju_device_uuid%%", "a: \"%% juju_device_uuid %%\"",
            "'%%juju_device_uuid%%': 1",
            "a: [{b: 'x%%juju_device_uuid\t%%'}]", "a: '%%a b%%juju_device_uuid%%'",
            "a: |\n  x\n  %%juju_device_uuid%%\n", "a: '%%%juju_device_uuid%%%'",
        ])
    func templates(text: String) throws { #expect(try RuleFile(text: text).isTemplate) }

    @Test("comments make no template")
    func comments() throws {
        #expect(try !RuleFile(text: "a: 1 # %%juju_device_uuid%% %%other%%").isTemplate)
    }

    @Test(
        "another name between percent signs is refused by name",
        arguments: [
            ("a: \"%%nope%%\"", "nope"), ("a: \"%% _x1 %%\"", "_x1"),
            ("a: \"%%juju_device_uuid%% %%juju_model%%\"", "juju_model"), ("'x%%k%%': 1", "k"),
        ])
    func unknownVariables(text: String, name: String) {
        #expect(throws: RuleFileError.unknownVariable(name)) { try RuleFile(text: text) }
    }

    @Test("a private key is refused")
    func secret() {
        let text = "a: |\n  -----BEGIN PRIVATE KEY-----\n"
        #expect(throws: RuleFileError.secret) { try RuleFile(text: text) }
    }

    @Test("bytes that are no UTF-8 are refused")
    func notUTF8() {
        #expect(throws: InvalidDocument.self) { try RuleFile(parsing: [0x61, 0x3A, 0x20, 0xFF]) }
    }

    @Test(
        "the real rule files are accepted but for the one that no YAML reader takes",
        .enabled(if: SharedData.isThere, SharedData.condition))
    func realFiles() throws {
        for folder in ["prometheus_alert_rules", "loki_alert_rules"] {
            for (name, bytes) in try SharedData.files(in: folder) {
                if name == "high_log_rate.rules" {
                    let error = #expect(throws: InvalidDocument.self) {
                        try RuleFile(parsing: bytes)
                    }
                    #expect(error?.line == 3)
                } else {
                    #expect(try RuleFile(parsing: bytes).bytes() == bytes)
                }
            }
        }
    }
}

@Suite("YAML that is made to hurt")
struct YAMLBombTests {
    static let laughs = (1...12).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x]\n") { text, level in
        let alias = "*a\(level - 1)"
        let aliases = Array(repeating: alias, count: 9).joined(separator: ", ")
        return text + "a\(level): &a\(level) [\(aliases)]\n"
    }

    static let bombs: [(String, String)] = [
        ("aliases of aliases", laughs),
        ("a key of aliases of aliases", laughs + "? *a12\n: 1\n"),
        ("a flow key of aliases", laughs + "{[*a12]: 1}\n"),
        (
            "a long text many times",
            "a: &a \"" + String(repeating: "x", count: 100_000) + "\"\nb: ["
                + String(repeating: "*a,", count: 5_000) + "]\n"
        ),
        ("many values", "a: [" + String(repeating: "1,", count: 10_001) + "]"),
        ("open brackets", String(repeating: "[", count: 300_000)),
        ("open braces", "a: " + String(repeating: "{a: ", count: 200_000)),
        ("brackets behind fake ends", String(repeating: "[#]\n", count: 100_000)),
        ("brackets behind quoted ends", String(repeating: "['}]',", count: 100_000)),
        ("brackets behind verbatim tags", String(repeating: "[!<]> ", count: 100_000)),
        (
            "brackets behind plain quotes",
            "a: x'\nb: " + String(repeating: "[it's, ", count: 100_000)
        ),
        ("sequences on one line", String(repeating: "- ", count: 200_000)),
        ("keys on one line", String(repeating: "? ", count: 200_000)),
        (
            "levels by indentation",
            (0..<1_200).map { String(repeating: " ", count: $0) + "a:" }
                .joined(separator: "\n")
        ),
        ("a large text", "a: " + String(repeating: "x", count: 1 << 20)),
        (
            "large when rendered",
            "a: [" + String(repeating: "'%%juju_device_uuid%%',", count: 2_000) + "]"
        ),
    ]

    @Test(
        "is refused, quickly and without harm", .timeLimit(.minutes(1)),
        arguments: bombs.map(\.0))
    func bomb(name: String) throws {
        let text = try #require(Self.bombs.first { $0.0 == name }?.1)
        #expect(throws: RuleFileError.self) { try RuleFile(text: text) }
    }

    @Test("what looks alike and is harmless is taken")
    func harmless() throws {
        let rules = (0..<400).map { number in
            """
              - alert: A\(number)
                expr: rate({a=~"x[[({'b"}[5m]) > \(number) # it's [[[
                annotations: {text: 'regex \\[[', "more": "[{"}
            """
        }
        let text = "groups:\n- name: g\n  rules:\n" + rules.joined(separator: "\n")
        #expect(try RuleFile(text: text).data["groups"]?.sequence?.count == 1)
        let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try RuleFile(text: "a: " + nested).text.utf8.count == 203)
        let labels = (0..<300).map { "r\($0): {labels: *l, text: \"is it [5m]: x?\"}\n" }
        #expect(throws: RuleFileError.self) {
            try RuleFile(text: "l: &l {a: b}\n" + labels.joined())
        }
        let plain = (0..<300).map { "r\($0): {labels: *l, text: fine}\n" }
        #expect(try !RuleFile(text: "l: &l {a: b}\n" + plain.joined()).isTemplate)
    }
}
