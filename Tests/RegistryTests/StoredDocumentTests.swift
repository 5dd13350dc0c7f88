import JSON
import Synchronization
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

@Suite("A large document")
struct LargeDocumentTests {
    /// Gives what it was told, and counts how often it was asked.
    final class Shelf: DocumentSource {
        private let contents = Mutex<[Revision: [UInt8]]>([:])
        private let count = Mutex(0)
        var questions: Int { count.withLock { $0 } }

        func put(_ bytes: [UInt8]) { contents.withLock { $0[Revision(blobOf: bytes)] = bytes } }

        func bytes(of blob: Revision, at path: String) -> [UInt8]? {
            count.withLock { $0 += 1 }
            return contents.withLock { $0[blob] }
        }
    }

    private static func dashboard(_ number: Int) -> [UInt8] {
        file("{\"title\": \"\(number)\", \"x\": \"\(String(repeating: "x", count: 70_000))\"}")
    }

    @Test("is not held, read when it is asked for, and written into no archive")
    func isElsewhere() throws {
        let shelf = Shelf()
        let cache = DerivedCache(source: shelf, limit: 1 << 20)
        var snapshot = Snapshot(settings: RegistrySettings(), cache: cache)
        for number in 0..<50 {
            shelf.put(Self.dashboard(number))
            snapshot.put(
                path: "grafana_dashboards/\(number).json", bytes: Self.dashboard(number))
        }
        var archive: [UInt8] = []
        SnapshotArchive.write(snapshot, program: "test") { archive += $0 }
        #expect(archive.count < 20_000)
        let copy = try SnapshotArchive.read(archive, program: "test", cache: cache)
        for number in 0..<50 {
            let key = DocumentKey(.grafanaDashboards, try id("\(number)"))
            for stored in [snapshot[key], copy[key]].compactMap(\.self) {
                #expect(stored.isLarge && stored.size == Self.dashboard(number).count)
                #expect(stored.bytes == Self.dashboard(number))
                #expect((stored.content as? Dashboard)?.title == "\(number)")
            }
        }
        let questions = shelf.questions
        #expect(questions > 50)
        let last = try #require(copy[DocumentKey(.grafanaDashboards, try id("49"))])
        for _ in 0..<10 { #expect(last.bytes == Self.dashboard(49)) }
        #expect(shelf.questions == questions)
    }

    @Test("is held where nobody could give it back")
    func isHeld() throws {
        let document = try PreparedDocument(
            DocumentKey(.grafanaDashboards, try id("1")), bytes: Self.dashboard(1))
        var snapshot = Snapshot()
        snapshot.put(path: "grafana_dashboards/1.json", document)
        #expect(snapshot[document.key]?.isLarge == false)
        snapshot = Snapshot(settings: RegistrySettings(), cache: DerivedCache(source: Shelf()))
        snapshot.put(path: "grafana_dashboards/1.json", document, isCommitted: false)
        #expect(snapshot[document.key]?.isLarge == false)
    }
}
