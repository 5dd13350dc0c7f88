import JSON
import Testing

@testable import Registry

@Suite("The archive of a snapshot")
struct SnapshotArchiveTests {
    @Test(
        "comes back as the snapshot that it was made of, and changes like it",
        arguments: 0..<6 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var snapshot = Snapshot()
        let uids = ["a", "A", "b", "c", "d/e", "é", "con"]
        for step in 0..<600 {
            let (path, bytes) = try SnapshotTests.randomFile(uids, &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 {
                snapshot.remove(path: path)
            } else {
                // Last good versions are kept on purpose.
                snapshot.put(path: path, bytes: bytes)
            }
            if step.isMultiple(of: 101) {
                snapshot.put(path: "devices/a%2f.json", bytes: [])
                snapshot.put(
                    path: "registry.json", bytes: file("{\"format_version\":1,\"x\":\(step)}"))
            }
            guard step.isMultiple(of: 20) else { continue }
            snapshot.setCommit(Revision(blobOf: [1]), tree: Revision(blobOf: bytes))
            var copy = try SnapshotArchive.read(
                Self.archive(snapshot), program: "test", cache: DerivedCache())
            SnapshotTests.expectEqual(snapshot, copy)
            #expect(copy.settings == snapshot.settings && copy.tree == snapshot.tree)
            #expect(copy.commit == snapshot.commit && copy.folderCounts == snapshot.folderCounts)
            for stored in copy.all(in: .devices) {
                let other = try #require(snapshot[stored.key])
                #expect(stored.bytes == other.bytes && stored.isLastGood == other.isLastGood)
                #expect(stored.creationDate == other.creationDate)
                #expect(stored.hasReferences == other.hasReferences)
            }
            var original = snapshot
            for _ in 0..<20 {
                let (path, bytes) = try SnapshotTests.randomFile(uids, &generator)
                if Bool.random(using: &generator) {
                    copy.remove(path: path)
                    original.remove(path: path)
                } else {
                    copy.put(path: path, bytes: bytes)
                    original.put(path: path, bytes: bytes)
                }
            }
            SnapshotTests.expectEqual(original, copy)
        }
    }

    @Test("of more documents than a block holds keeps both orders")
    func manyBlocks() throws {
        let count = SnapshotArchive.blockLimit * 2 + 17
        let files = (0..<count).map { number in
            let minute = String(number * 31 % 60 + 100).dropFirst()
            let bytes = SnapshotTests.device("r\(number)", "2026-01-31T12:\(minute):00Z")
            return LoadedFile(path: "devices/r\(number).json", bytes: bytes, blob: nil)
        }
        var snapshot = Snapshot(settings: RegistrySettings(), loading: files)
        snapshot.setCommit(nil, tree: Revision(blobOf: []))
        let copy = try SnapshotArchive.read(
            Self.archive(snapshot), program: "test", cache: DerivedCache())
        #expect(copy.count(of: .devices) == count)
        SnapshotTests.expectEqual(snapshot, copy)
    }

    @Test("is refused when it is torn, changed in any place, or another program's")
    func damaged() throws {
        var snapshot = Snapshot()
        let uids = ["a", "b", "c"]
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<40 {
            let (path, bytes) = try SnapshotTests.randomFile(uids, &generator)
            snapshot.put(path: path, bytes: bytes)
        }
        let whole = Self.archive(snapshot)
        _ = try SnapshotArchive.read(whole, program: "test", cache: DerivedCache())
        #expect(throws: ArchiveError.foreign) {
            try SnapshotArchive.read(whole, program: "other", cache: DerivedCache())
        }
        for count in 0..<whole.count {
            #expect(throws: ArchiveError.torn) {
                try SnapshotArchive.read(
                    Array(whole.prefix(count)), program: "test", cache: DerivedCache())
            }
        }
        for place in whole.indices {
            var changed = whole
            changed[place] ^= 1
            #expect(throws: ArchiveError.self) {
                try SnapshotArchive.read(changed, program: "test", cache: DerivedCache())
            }
        }
    }

    static func archive(_ snapshot: Snapshot) -> [UInt8] {
        var bytes: [UInt8] = []
        SnapshotArchive.write(snapshot, program: "test") { bytes += $0 }
        return bytes
    }
}
