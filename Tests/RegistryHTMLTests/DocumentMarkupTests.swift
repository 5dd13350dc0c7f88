import Testing

@testable import RegistryHTML

@Suite("Documents as markup")
struct DocumentMarkupTests {
    private func json(_ text: String, folding: Bool = true) -> JSONMarkup {
        JSONMarkup(Array(text.utf8), folding: folding)
    }

    @Test("keys, strings, numbers and literals are told apart")
    func tokens() {
        let html = json("{\n  \"a\": \"b\\\" : c\",\n  \"d\": -1.5e+7,\n  \"e\": null\n}\n").html
        #expect(
            html == """
                <pre>{
                  <span class="k">&quot;a&quot;</span>: <span class="s">&quot;b\\&quot; : c&quot;</span>,
                  <span class="k">&quot;d&quot;</span>: <span class="n">-1.5e+7</span>,
                  <span class="k">&quot;e&quot;</span>: <span class="l">null</span>
                }
                </pre>
                """)
    }

    @Test("a long member is folded behind its name, its count and its title")
    func folds() throws {
        let items = (0..<9).map { "    \"m\($0)\": \($0)" }.joined(separator: ",\n")
        let text = "{\n  \"panel\": {\n\(items),\n    \"title\": \"CPU <load>\"\n  }\n}\n"
        let html = json(text).html
        #expect(
            html.contains("</code> <small>10 members</small><span class=\"s\">CPU &lt;load&gt;"))
        #expect(try Markup(html).imbalance == nil)
        #expect(!json(text, folding: false).html.contains("<details>"))
    }

    @Test(
        "text that is no JSON is shown all the same",
        arguments: [
            "", "}", "]]]]\n}}", "{\n{\n{\n[", "\"", "\"\\", "\n\n", "{\n\"a\": [\n}\n]\n",
            "\u{0}", String(repeating: "[\n", count: 2_000),
            String(repeating: "{\n", count: 20) + String(repeating: "}\n", count: 300),
        ], [true, false])
    func noJSON(text: String, folding: Bool) throws {
        #expect(try Markup(json(text, folding: folding).html).imbalance == nil)
    }

    @Test("bytes that are no UTF-8 are replaced, and a long line is cut between characters")
    func bytes() {
        #expect(JSONMarkup([0x22, 0xFF, 0x22], folding: true).html.contains("\u{FFFD}"))
        let long = json("\"" + String(repeating: "漢", count: 1_000) + "\"")
        #expect(long.isCut && !long.html.contains("\u{FFFD}") && long.html.contains("kB more"))
    }

    @Test("of a huge member only a share is shown, and what follows it still is")
    func shares() throws {
        let items = (0..<40_000).map { "    \($0)" }.joined(separator: ",\n")
        let markup = json("{\n  \"panels\": [\n\(items)\n  ],\n  \"uid\": \"last\"\n}\n")
        #expect(markup.isCut && markup.html.utf8.count < 700_000)
        #expect(markup.html.contains("more lines</span>"))
        #expect(markup.html.contains("&quot;last&quot;"))
        #expect(try Markup(markup.html).imbalance == nil)
    }

    @Test(
        "every real dashboard fits a page of 1.5 MB, balanced and with all its members",
        .enabled(if: SharedData.isPresent, "real dashboards are absent"),
        arguments: ["node-exporter-full", "linux-system", "haproxy", "unbound-full"])
    func realDashboards(name: String) throws {
        let bytes = try #require(try SharedData.file("grafana_dashboards/\(name).json"))
        let markup = JSONMarkup(bytes, folding: true)
        #expect(markup.html.utf8.count < 1_500_000)
        #expect(markup.html.contains("&quot;schemaVersion&quot;"))
        #expect(try Markup(markup.html).imbalance == nil)
    }

    @Test(
        "keys, comments and placeholders of YAML are marked",
        arguments: [
            ("# a", "<span class=\"c\"># a</span>\n"),
            ("  - alert: Low", "  - <span class=\"k\">alert</span>: Low\n"),
            ("groups:", "<span class=\"k\">groups</span>:\n"),
            (
                "expr: x{a=\"%%juju_device_uuid%%\"}",
                "<span class=\"k\">expr</span>: "
                    + "x{a=&quot;<span class=\"t\">%%juju_device_uuid%%</span>&quot;}\n"
            ),
            ("- {{ $v }} <b>", "- <span class=\"t\">{{ $v }}</span> &lt;b&gt;\n"),
            ("http://x", "http://x\n"), ("a %% b", "a %% b\n"), ("{{", "{{\n"), ("", ""),
        ])
    func yaml(text: String, html: String) { #expect(YAMLMarkup(text).html == html) }

    @Test("a long rule file and a long diff are cut at a line")
    func longTexts() {
        let text = String(repeating: "- alert: Low\n", count: 40_000)
        #expect(YAMLMarkup(text).isCut && YAMLMarkup(text).html.contains("more lines"))
        #expect(DiffMarkup.html(text).contains("39,000 more lines"))
    }

    @Test(
        "amounts are written for people",
        arguments: [
            (0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (1_549, "1.5 kB"),
            (99_960, "100 kB"), (467_698, "468 kB"), (999_499, "999 kB"),
            (999_500, "1 MB"), (1_079_567, "1.1 MB"), (33_554_432, "33.6 MB"),
        ])
    func sizes(bytes: Int, text: String) { #expect(Quantity.bytes(bytes) == text) }
}
