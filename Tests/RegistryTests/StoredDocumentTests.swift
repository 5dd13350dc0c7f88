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

    @Test("keeps what was decoded, as long as there is room")
    func room() throws {
        let cache = DerivedCache(limit: 3_000)
        let stored = try (0..<20).map { number in
            let key = DocumentKey(.prometheusAlertRules, try id("\(number)"))
            let document = try PreparedDocument(key, bytes: file("a: 1"))
            return StoredDocument(document, in: "prometheus_alert_rules", cache: cache)
        }
        #expect(!stored[0].isDecoded)
        for document in stored {
            #expect(document.content is RuleFile)
            #expect(document.isDecoded)
        }
        #expect(!stored[0].isDecoded)
        #expect((5...15).contains(stored.count(where: \.isDecoded)))
    }
}
