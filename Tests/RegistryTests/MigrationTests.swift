import Testing

@testable import Registry

@Suite("Migration")
struct MigrationTests {
    private func bytes(_ version: Int) -> [UInt8] { Array("{\"format_version\": \(version)}".utf8) }

    @Test("of a registry of the present format has nothing to do")
    func present() throws {
        let migration = try Migration(of: RegistrySettings().canonicalBytes())
        #expect(migration.version == RegistrySettings.currentFormatVersion)
        #expect(migration.steps.isEmpty)
    }

    @Test("of a newer, an unknown and an unreadable format is refused")
    func refused() {
        #expect(throws: Migration.Failure.newer(99)) { try Migration(of: bytes(99)) }
        #expect(throws: Migration.Failure.unknown(0)) { try Migration(of: bytes(0)) }
        #expect(throws: Migration.Failure.self) { try Migration(of: Array("{}".utf8)) }
        #expect(throws: Migration.Failure.self) { try Migration(of: Array("x".utf8)) }
    }

    @Test("goes through every format between, in order, and over no gap")
    func steps() throws {
        let all = [2, 1, 3].map { Migration.Step(from: $0, summary: "step \($0)") }
        #expect(try Migration(of: bytes(1), to: 4, by: all).steps.map(\.from) == [1, 2, 3])
        #expect(try Migration(of: bytes(3), to: 4, by: all).steps.map(\.from) == [3])
        #expect(throws: Migration.Failure.unknown(1)) {
            try Migration(of: bytes(1), to: 5, by: all)
        }
    }
}
