import Foundation
import Testing

@testable import Git

@Suite("Reading blobs from packs")
struct PackedBlobTests {
    let repository: ScratchRepository
    init() throws { repository = try ScratchRepository() }

    /// Contents that make long chains of deltas, and some that make none.
    private static let contents: [[UInt8]] =
        (0..<300).map { number in
            switch number % 10 {
            case 0: (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* (number + 3) >> 5) }
            case 1: Array(repeating: 7, count: number * 900)
            default:
                Array(("line of text that stays\n" + "number \(number)\n").utf8)
                    + (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            }
        } + [[]]

    private func commit(_ contents: ArraySlice<[UInt8]>) throws {
        for (number, content) in zip(contents.indices, contents) {
            try repository.write(content, to: "\(number)")
        }
        try repository.git("add", "-A")
        try repository.git("commit", "-qm", "files")
    }

    @Test("gives what git stored, in every order")
    func contents() throws {
        // Two packs, and loose objects beside them.
        try commit(Self.contents[..<200])
        try repository.git("repack", "-qad", "--depth=200")
        try commit(Self.contents[200..<290])
        try repository.git("repack", "-qd", "--no-write-bitmap-index")
        try commit(Self.contents[290...])
        let packs = MappedPacks(of: try Repository(opening: repository.path))
        #expect(packs.packs.count == 2)
        let ids = Self.contents.map { GitObject(.blob, $0).id }
        for order in [Array(ids.indices), ids.indices.reversed(), ids.indices.shuffled()] {
            let reader = PackedBlobs(packs)
            for number in order {
                guard let place = packs.place(of: ids[number]) else {
                    #expect(number >= 290)
                    continue
                }
                #expect(reader.blob(at: place) == Self.contents[number])
            }
        }
        #expect(packs.place(of: .zero) == nil)
    }

    @Test("takes no delta that does not fit its base")
    func wrongDeltas() {
        let base = Array("hello, world".utf8)
        #expect(Delta.apply([12, 5, 0x90, 5], to: base) == Array("hello".utf8))
        #expect(Delta.apply([12, 2, 2, 1, 2], to: base) == [1, 2])
        for delta: [UInt8] in [
            [], [12], [11, 5, 0x90, 5], [12, 6, 0x90, 5], [12, 5, 0x90], [12, 5, 0x91, 9, 5],
            [12, 5, 0], [12, 5, 5, 1], [12, 4, 0x90, 5],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            #expect(Delta.apply(delta, to: base) == nil)
        }
    }

    @Test("gives nothing from a pack that was damaged")
    func damaged() throws {
        try commit(Self.contents[..<60])
        try repository.git("repack", "-qad")
        let name = try #require(
            FileSystem.names(in: repository.path + "/.git/objects/pack")?.first {
                $0.hasSuffix(".pack")
            })
        let path = repository.path + "/.git/objects/pack/" + name
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let ids = Self.contents[..<60].map { GitObject(.blob, $0).id }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var changed = whole
            let place = Int.random(in: 12..<(whole.count - 20), using: &generator)
            changed[place] ^= UInt8.random(in: 1...255, using: &generator)
            try FileManager.default.removeItem(atPath: path)
            try changed.write(to: URL(fileURLWithPath: path))
            let packs = MappedPacks(of: try Repository(opening: repository.path))
            let reader = PackedBlobs(packs)
            for (number, id) in ids.enumerated() {
                let found = packs.place(of: id).flatMap { reader.blob(at: $0) }
                // A delta whose base was changed to another valid one may come out wrong; anything
                // else must not.
                if let found, found.count != Self.contents[number].count {
                    Issue.record("byte \(place) made \(number) \(found.count) bytes long")
                }
            }
        }
    }
}
