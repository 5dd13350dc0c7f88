import JSON
import Testing

@testable import Registry

@Suite("Differences of documents")
struct DocumentDifferenceTests {
    private func difference(
        _ old: JSONValue?, _ new: JSONValue?, _ path: String = "grafana_dashboards/d.json"
    ) -> DocumentDifference {
        DocumentDifference(path: path, old: old?.canonicalBytes(), new: new?.canonicalBytes())
    }

    @Test(
        "name the fields that changed, and nothing else",
        arguments: [
            (["a": 1, "b": 2], ["b": 2, "a": 1], []),
            (["address": "1"], ["address": "2"], [#"address: "1" → "2""#]),
            (["a": ["b": 1, "c": 2]], ["a": ["b": 1]], ["a/c: 2 removed"]),
            ([:], ["a": .null], ["a: null added"]),
            (["a": 1], ["a": "1"], [#"a: 1 → "1""#]),
            (
                ["tags": ["x", "y", "z"]], ["tags": ["x", "w", "z"]],
                [#"tags/1: "y" removed"#, #"tags/1: "w" added"#]
            ),
            (["list": [1, 2]], ["list": [2, 1]], ["list: [1, 2] → [2, 1]"]),
        ] as [(JSONValue, JSONValue, [String])])
    func fields(old: JSONValue, new: JSONValue, expected: [String]) {
        #expect(difference(old, new).fields.map(\.summary) == expected)
    }

    @Test("tell panels by id, so that one that is new, gone or moved is one change")
    func panels() {
        func panels(_ panels: JSONValue...) -> JSONValue { ["panels": .array(panels)] }
        let (a, b, c): (JSONValue, JSONValue, JSONValue) = (
            ["id": 1, "title": "A"], ["id": 2, "title": "B"], ["id": 3, "title": "C"]
        )
        #expect(
            difference(panels(a, b), panels(c, a, b)).fields.map(\.summary)
                == [#"panels/0: {title: "C", …} added"#])
        #expect(
            difference(panels(a, b, c), panels(c, a, b)).fields.map(\.summary)
                == [#"panels/0: moved {title: "C", …}"#])
        #expect(
            difference(panels(a, b), panels(["id": 2, "title": "new"])).fields.map(\.summary)
                == [#"panels/0: {title: "A", …} removed"#, #"panels/0/title: "B" → "new""#])
    }

    @Test("say of a file whether it came, went or changed its form only")
    func kinds() {
        #expect(difference(nil, ["a": 1]).kind == .added)
        #expect(difference(["a": 1], nil).kind == .removed)
        #expect(difference(["a": 1], nil).fields.map(\.summary) == ["a: 1 removed"])
        let form = DocumentDifference(
            path: "x.json", old: Array("{\"a\":1}".utf8), new: Array("{\"a\": 1}".utf8))
        #expect(form.summary == "only its form changed")
        #expect(form.text.contains("-{\"a\":1}"))
    }

    @Test("of rule files name groups and rules; of what cannot be read, lines")
    func rules() {
        let path = "prometheus_alert_rules/r.rules"
        let old = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n"
        let new =
            "groups:\n- name: g\n  rules:\n  - record: r\n    expr: x\n  - alert: A\n"
            + "    expr: down\n"
        let change = DocumentDifference(path: path, old: Array(old.utf8), new: Array(new.utf8))
        #expect(
            change.fields.map(\.summary) == [
                "groups/0/rules/0: an object of 2 members added",
                #"groups/0/rules/1/expr: "up" → "down""#,
            ])
        let bad = DocumentDifference(path: path, old: Array(old.utf8), new: Array("a: [".utf8))
        #expect(!bad.isReadable && bad.fields.isEmpty && bad.text.contains("+a: ["))
    }

    @Test("are bounded, and count what they do not name")
    func bounds() {
        let new = JSONValue.object(JSONObject((0..<1500).map { (JSONString("m\($0)"), 1) }))
        let change = difference([:], new)
        #expect(change.fields.count == 1000 && change.moreFields == 500)
        #expect(change.summary.hasSuffix("and 1499 more"))
    }

    @Test("of each real dashboard with itself are none", .enabled(if: SharedData.isThere))
    func real() throws {
        for (name, file) in try SharedData.files(in: "grafana_dashboards") {
            let value = try JSONValue(parsing: file, options: .document)
            let change = DocumentDifference(
                path: "grafana_dashboards/\(name)", old: file, new: value.canonicalBytes())
            #expect(change.fields.isEmpty && change.isReadable)
        }
    }
}
