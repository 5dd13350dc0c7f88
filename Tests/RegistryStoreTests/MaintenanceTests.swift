import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Maintenance")
struct MaintenanceTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("packs loose objects while the registry is read and written")
    func packing() async throws {
        let store = try await registry.open()
        for number in 0..<60 { try await store.put("d\(number)", ["title": "One"]) }
        let maintenance = Maintenance(places: store.places, limit: 100)
        #expect(maintenance.isDue)
        async let packed: Void = maintenance.run()
        for number in 0..<60 { try await store.put("d\(number)", ["title": "Two"]) }
        try await packed
        try await Maintenance(places: store.places, limit: 100).run()
        #expect(!Maintenance(places: store.places, limit: 100).isDue)
        #expect(try registry.git("count-objects", "-v").contains("packs: "))
        try await store.put("d1", ["title": "Three"])
        #expect(try await store.history(of: Sample.path("d1"), limit: 10).count == 3)
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 122)
    }

    @Test("says what git said when it fails")
    func failing() async throws {
        let store = try await registry.open()
        let maintenance = Maintenance(places: store.places)
        try registry.write(".git/config", "[broken")
        await #expect(throws: MaintenanceError.self) { try await maintenance.run() }
    }
}
