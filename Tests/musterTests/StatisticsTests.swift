import JSON
import Testing

@testable import muster

@Suite("The statistics of a registry")
struct StatisticsTests {
    private func listing(_ entries: [(size: Int, path: String)]) -> [UInt8] {
        let id = String(repeating: "0", count: 40)
        return Array(
            entries.map { "100644 blob \(id) \($0.size)\t\($0.path)\0" }.joined().utf8)
    }

    @Test("documents are counted by collection, other files are not, and the largest come first")
    func counts() {
        var statistics = RegistryStatistics(branch: "main")
        statistics.note(
            listing: listing([
                (200, "devices/a.json"), (300, "devices/3/f/b.json"), (9_999, "README.md"),
                (250, "grafana_dashboards/c.json"), (10, "prometheus_alert_rules/d.rules"),
            ]), largest: 2)
        #expect(statistics.documents == 4)
        #expect(
            statistics.collections.map { "\($0.collection) \($0.documents)" } == [
                "devices 2", "grafana_dashboards 1", "prometheus_alert_rules 1",
            ])
        #expect(
            statistics.largest == [
                .init(path: "devices/3/f/b.json", bytes: 300),
                .init(path: "grafana_dashboards/c.json", bytes: 250),
            ])
    }

    @Test("git's counts are read, sizes in bytes")
    func objects() {
        let text = "count: 3\nsize: 12\nin-pack: 9\npacks: 2\nsize-pack: 5\nprune-packable: 0\n"
        #expect(
            RegistryStatistics.Objects(countObjects: text)
                == .init(packs: 2, packBytes: 5120, loose: 3, looseBytes: 12_288))
    }

    @Test("growth is an average of whole days, and not known before the first is over")
    func growth() {
        var statistics = RegistryStatistics(branch: "main", commits: 10, historySeconds: 86_399)
        statistics.objects.packBytes = 4096
        #expect(statistics.bytesPerDay == nil)
        #expect(statistics.json["bytes_per_day"]?.isNull == true)
        statistics.historySeconds = 2 * 86_400
        #expect(statistics.commitsPerDay == 5)
        #expect(statistics.json["bytes_per_day"]?.int == 2048)
    }

    @Test(
        "numbers are written for people",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (1536, "1.5 KB"), (5 << 30, "5.0 GB"),
            (2000 << 40, "2,000.0 TB"),
        ])
    func sizes(bytes: Int, text: String) { #expect(RegistryStatistics.size(bytes) == text) }

    @Test("a new registry has one commit and no documents")
    func newRegistry() async throws {
        let folder = try ScratchFolder()
        try NewRegistry.create(at: "\(folder.path)/registry", devices: 10)
        let statistics = try await RegistryStatistics(of: "\(folder.path)/registry", largest: 5)
        #expect(statistics.commits == 1)
        #expect(statistics.documents == 0 && statistics.largest.isEmpty)
        #expect(statistics.workingTreeBytes > 0 && statistics.objects.bytes > 0)
        #expect(await Muster.run(["stats", "\(folder.path)/registry", "--json"]) == 0)
        #expect(await Muster.run(["stats", folder.path]) == 1)
    }
}
