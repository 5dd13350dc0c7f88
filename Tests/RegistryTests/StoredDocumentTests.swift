import JSON
import Testing

@testable import Registry

@Suite("A stored document")
struct StoredDocumentTests {
    @Test(
        "has the path of its file, in whatever folder",
        arguments: ["a", "d/e", "é", ".x", "con", String(repeating: "x", count: 199) + "é"])
    func path(text: String) throws {
        let key = DocumentKey(.devices, try id(text))
        for depth in 0...2 {
            var snapshot = Snapshot()
            let path = FileLayout(fanOut: [.devices: depth]).path(for: key)
            snapshot.put(path: path, bytes: SnapshotTests.device(text))
            #expect(snapshot[key]?.path == path)
        }
    }

    @Test("says what its bytes say, also after what was made from it has been dropped")
    func content() throws {
        let cache = DerivedCache(limit: 2_000)
        let rules = try (0..<50).map { number in
            let key = DocumentKey(.prometheusAlertRules, try id("\(number)"))
            let document = try PreparedDocument(key, bytes: file("groups: [\(number)]"))
            return StoredDocument(document, in: "prometheus_alert_rules", cache: cache)
        }
        for _ in 0..<2 {
            for (number, stored) in rules.enumerated() {
                let ruleFile = try #require(stored.content as? RuleFile)
                #expect(ruleFile.data["groups"]?.sequence?.count == 1)
                #expect(ruleFile.text.contains("\(number)"))
            }
        }
    }

    @Test("keeps what was rendered, as long as there is room")
    func renditions() throws {
        let cache = DerivedCache(limit: 10_000)
        let stored = try (0..<20).map { number in
            let key = DocumentKey(.grafanaDashboards, try id("\(number)"))
            let document = try PreparedDocument(key, bytes: file("{}"))
            return StoredDocument(document, in: "grafana_dashboards", cache: cache)
        }
        var made = 0
        func render(_ document: StoredDocument) -> [UInt8] {
            document.rendition("test") {
                made += 1
                return Array(repeating: 1, count: 1_000)
            }
        }
        for _ in 0..<3 { #expect(render(stored[0]).count == 1_000) }
        #expect(made == 1)
        for document in stored { _ = render(document) }
        #expect(made == 20)
        _ = render(stored[19])
        #expect(made == 20)
        _ = render(stored[0])
        #expect(made == 21)
    }
}
