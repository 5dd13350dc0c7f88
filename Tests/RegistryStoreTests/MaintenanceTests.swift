import Git
import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Maintenance")
struct MaintenanceTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("git packs while the registry is read and written")
    func packing() async throws {
        let store = try await registry.open()
        for number in 0..<60 { try await store.put("d\(number)", ["title": "One"]) }
        let maintenance = Maintenance(places: store.places)
        let tip = try await store.newestTip
        async let packed: Void = maintenance.run(store.packs, tip: tip)
        for number in 0..<60 { try await store.put("d\(number)", ["title": "Two"]) }
        try await packed
        try await maintenance.run(store.packs, tip: store.newestTip)
        #expect(store.packs.unpackedObjects == 0)
        #expect(try registry.packCount < 5)
        #expect(try registry.git("count-objects").hasPrefix("0 objects"))
        try await store.put("d1", ["title": "Three"])
        #expect(try await store.history(of: Sample.path("d1"), limit: 10).count == 3)
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 122)
        let reopened = try await registry.open()
        #expect(try reopened.title("d1") == "Three")
    }

    @Test("all becomes one pack with bitmaps where most is new; else the large one stays")
    func oneOrMany() async throws {
        let store = try await registry.open()
        let maintenance = Maintenance(places: store.places)
        for number in 0..<60 { try await store.put("d\(number)", ["title": "One"]) }
        // What no reference leads to, as after a person's `git reset`, is not git's to drop.
        let made = try registry.git("commit-tree", "-m", "lost", "HEAD^{tree}", "-p", "HEAD")
        let lost = try #require(made.split(separator: "\n").first.map(String.init))
        try await maintenance.run(store.packs, tip: store.newestTip)
        let packs = ".git/objects/pack"
        let first = try registry.names(in: packs)
        #expect(first.contains { $0.hasSuffix(".bitmap") })
        #expect(!first.contains("multi-pack-index"))
        let large = try #require(first.first { $0.hasSuffix(".pack") })
        for number in 0..<5 { try await store.put("d\(number)", ["title": "Two"]) }
        try await maintenance.run(store.packs, tip: store.newestTip)
        let second = try registry.names(in: packs)
        #expect(second.contains(large) && second.contains("multi-pack-index"))
        #expect(try registry.git("cat-file", "-t", lost).hasPrefix("commit"))
        await store.close()
        try registry.judge()
        let reopened = try await registry.open()
        #expect(try reopened.title("d1") == "Two")
        await reopened.close()
        #expect(try registry.names(in: packs).contains(large))
    }

    @Test("small packs are joined, so that there are few at any time, and each reads well")
    func joining() async throws {
        let store = try await registry.open()
        for number in 0..<300 {
            try await store.put("d\(number % 7)", ["title": .text("\(number)")])
            if number % 20 == 0 { #expect(try registry.packCount < 50) }
        }
        #expect(try registry.packCount < 50)
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 301)
    }

    @Test("of a removed pack the index stays for git programs that had begun, until the end")
    func removedPacks() async throws {
        let store = try await registry.open()
        for number in 0..<80 { try await store.put("d1", ["title": .text("\(number)")]) }
        let left = try registry.indexesWithoutPack
        #expect((1...200).contains(left))
        try registry.git("gc", "-q")
        try await store.put("d1", ["title": "Last"])
        await store.close()
        #expect(try registry.indexesWithoutPack == 0)
        try registry.judge()
        #expect(try registry.commits == 82)
    }

    @Test("packs that a killed server has left are joined by the next one")
    func adopting() async throws {
        for round in 0..<6 {
            let store = try await registry.open()
            for number in 0..<9 {
                try await store.put("d\(number)", ["title": .text("\(round)")])
            }
        }
        let store = try await registry.open()
        // The files go a moment after the list of those that are in use.
        try await eventually {
            guard store.packs.count < 10 else { return false }
            return try registry.packCount < 50
        }
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 55)
    }

    @Test("a person's git may pack everything anew at any time")
    func repackedByHand() async throws {
        let store = try await registry.open()
        for number in 0..<30 { try await store.put("d\(number)", ["title": "One"]) }
        try registry.git("repack", "-a", "-d", "-q")
        for number in 0..<30 { try await store.put("d\(number)", ["title": "Two"]) }
        try registry.git("gc", "--prune=now", "-q")
        for number in 0..<30 { try await store.put("d\(number)", ["title": "Three"]) }
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 91)
    }

    @Test("says what git said when it fails")
    func failing() async throws {
        let store = try await registry.open()
        let maintenance = Maintenance(places: store.places)
        try registry.write(".git/config", "[broken")
        await #expect(throws: MaintenanceError.self) {
            try await maintenance.run(store.packs, tip: .zero)
        }
    }
}

extension RegistryStore {
    fileprivate var newestTip: ObjectID {
        get throws { try #require(tip) }
    }
}
