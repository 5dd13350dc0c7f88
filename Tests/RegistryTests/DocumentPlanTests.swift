import JSON
import Testing

@testable import Registry

@Suite("A plan of writes")
struct DocumentPlanTests {
    private let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private func snapshot() -> Snapshot {
        var snapshot = Snapshot()
        snapshot.put(path: "grafana_dashboards/d.json", bytes: Array("{}\n".utf8))
        snapshot.put(
            path: "devices/a.json",
            bytes: SnapshotTests.device(
                "a", "2026-01-31T12:00:00Z", #","grafana_dashboards":["d"]"#))
        snapshot.put(path: "devices/b.json", bytes: SnapshotTests.device("b"))
        return snapshot
    }

    private func write(
        _ uid: String, _ patch: JSONValue, _ expectation: DocumentWrite.Expectation = .any
    ) throws -> DocumentWrite {
        let id = try #require(DocumentID(uid))
        return DocumentWrite(
            DocumentKey(.devices, id), .mergePatch(patch), expecting: expectation)
    }

    private func dashboard() throws -> DocumentKey {
        let id = try #require(DocumentID("d"))
        return DocumentKey(.grafanaDashboards, id)
    }

    @Test("a plan made again is made of the documents as they are then")
    func madeAgain() throws {
        var registry = snapshot()
        let writes = [try write("b", ["name": "B"])]
        let draft = DocumentPlan(writes, on: registry, now: now)
        registry.put(
            path: "devices/b.json",
            bytes: SnapshotTests.device("b", "2026-01-31T12:00:00Z", #","region":"hall""#))
        let plan = DocumentPlan(writes, on: registry, now: now, reusing: draft)
        let device = try #require(plan.steps.first?.new?.content as? Device)
        #expect(device.region?.text == "hall" && device.name == "B")
    }

    @Test("a plan taken over still asks whether what it names is there")
    func takenOver() throws {
        var registry = snapshot()
        let writes = [try write("b", ["grafana_dashboards": ["d"]])]
        let draft = DocumentPlan(writes, on: registry, now: now)
        #expect(draft.refusals.isEmpty && draft.changes.count == 1)
        registry.remove(path: "grafana_dashboards/d.json")
        let plan = DocumentPlan(writes, on: registry, now: now, reusing: draft)
        #expect(plan.refusals.count == 1 && plan.changes.isEmpty)
    }

    @Test("a removal made again takes the references of those who came meanwhile")
    func newReferrers() throws {
        var registry = snapshot()
        let writes = [DocumentWrite(try dashboard(), .remove)]
        let draft = DocumentPlan(writes, on: registry, now: now)
        #expect(draft.steps.map(\.action) == [.change, .delete])
        registry.put(
            path: "devices/b.json",
            bytes: SnapshotTests.device(
                "b", "2026-01-31T12:00:00Z", #","grafana_dashboards":["d"]"#))
        let plan = DocumentPlan(writes, on: registry, now: now, reusing: draft)
        #expect(plan.steps.map(\.action) == [.change, .change, .delete])
        #expect(plan.refusals.isEmpty)
    }

    @Test("a reference that led nowhere before is no reason to refuse another change")
    func oldDangling() throws {
        var registry = snapshot()
        registry.remove(path: "grafana_dashboards/d.json")
        let plan = DocumentPlan([try write("a", ["name": "A"])], on: registry, now: now)
        #expect(plan.refusals.isEmpty && plan.changes.count == 1)
    }

    @Test("what is expected is asked of the document as the writes before have left it")
    func expectations() throws {
        let registry = snapshot()
        let blob = try #require(registry[try write("b", [:]).key]?.blob)
        let writes = [
            try write("b", ["name": "B"], .blob(blob)), try write("b", ["name": "C"], .blob(blob)),
            try write("c", [:], .present), try write("a", [:], .absent),
        ]
        let plan = DocumentPlan(writes, on: registry, now: now)
        #expect(plan.refusals.map(\.index) == [1, 2, 3] && plan.refusalCount == 3)
        guard case .stale? = plan.refusals.first?.error else {
            Issue.record("\(plan.refusals)")
            return
        }
    }

    @Test("what changes nothing is no step")
    func needless() throws {
        let plan = DocumentPlan([try write("a", [:])], on: snapshot(), now: now)
        // Its file is not in the form that a write gives it.
        #expect(plan.steps.count == 1)
        var registry = snapshot()
        let new = try #require(plan.steps.first?.new)
        registry.put(path: "devices/a.json", new)
        #expect(DocumentPlan([try write("a", [:])], on: registry, now: now).steps.isEmpty)
    }
}
