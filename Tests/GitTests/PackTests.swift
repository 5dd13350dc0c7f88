import Testing

@testable import Git

@Suite("Packs")
struct PackTests {
    /// A text whose versions differ in one line.
    private func text(_ version: Int) -> [UInt8] {
        let lines = (0..<200).map { $0 == 77 ? "version \(version)" : "line \($0)" }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Versions of one blob, each after the first as a change of the one before.
    private func chain(_ versions: Range<Int>) -> [NewObject] {
        var objects: [NewObject] = []
        for version in versions {
            let object = GitObject(.blob, text(version))
            let change = objects.last.flatMap { last in
                ByteChange(from: last.object.bytes, of: last.object.id, to: object.bytes)
            }
            objects.append(NewObject(object, change: change))
        }
        return objects
    }

    private func pack(_ objects: [NewObject]) -> Pack {
        var builder = PackBuilder()
        for object in objects { builder.add(object) }
        return builder.finish()
    }

    /// What git says about a pack, with every object read.
    private func judge(_ pack: Pack) throws -> String {
        let repository = try ScratchRepository()
        let folder = PackFolder(of: try Repository(opening: repository.path))
        let name = try folder.add(pack, isKept: false, flush: false)
        return try repository.git("verify-pack", "-v", ".git/objects/pack/\(name).idx")
    }

    @Test("git reads every object, of every kind and size")
    func kinds() throws {
        let large = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) })
        let objects = [
            GitObject(.blob, []), GitObject(.blob, [1]), GitObject(.blob, large),
            GitObject(.tree, []),
        ]
        let listed = try judge(pack(objects.map { NewObject($0) }))
        for object in objects { #expect(listed.contains("\(object.id) \(object.kind)")) }
    }

    @Test("a chain of changes is stored as deltas, none of them deeper than git allows")
    func deltas() throws {
        let objects = chain(0..<120)
        let pack = pack(objects)
        #expect(pack.bytes.count < 30_000)
        let listed = try judge(pack)
        for new in objects { #expect(listed.contains("\(new.object.id) blob")) }
        #expect(listed.contains("chain length = 50:"))
        #expect(!listed.contains("chain length = 51:"))
    }

    @Test("packs are joined: changes of another pack's object become deltas, nothing is doubled")
    func joining() throws {
        let objects = chain(0..<60)
        let parts = [0..<20, 20..<40, 5..<15, 40..<60].map { pack(Array(objects[$0])) }
        var builder = PackBuilder()
        for part in parts {
            for entry in part.entries {
                let isAdded = builder.add(entry, of: part.bytes, compressing: Deflater())
                #expect(isAdded)
            }
        }
        let joined = builder.finish()
        #expect(joined.entries.count == 60)
        #expect(joined.entries.count { $0.base == nil } == 2)
        let listed = try judge(joined)
        for new in objects { #expect(listed.contains("\(new.object.id) blob")) }
        #expect(!listed.contains("chain length = 51:"))
    }

    @Test("content that goes back to what it was makes no circle of deltas")
    func circle() throws {
        let (one, two) = (GitObject(.blob, text(1)), GitObject(.blob, text(2)))
        let there = ByteChange(from: one.bytes, of: one.id, to: two.bytes)
        let back = ByteChange(from: two.bytes, of: two.id, to: one.bytes)
        let parts = [
            pack([NewObject(one), NewObject(two, change: there)]),
            pack([NewObject(two), NewObject(one, change: back)]),
        ]
        var builder = PackBuilder()
        for part in parts {
            for entry in part.entries {
                let isAdded = builder.add(entry, of: part.bytes, compressing: nil)
                #expect(isAdded)
            }
        }
        #expect(try judge(builder.finish()).contains("chain length = 1: 1 object"))
    }

    @Test("texts that share parts in any order follow from each other, and git reads them")
    func texts() throws {
        let texts = (0..<40).map { number in
            Array(
                """
                tree \(String(repeating: "\(number % 10)", count: 40))
                author device robot-\(number * 7) <robot-\(number * 7)@muster.invalid> 179553382\(number)
                committer Muster <server@muster.invalid> 179553382\(number)

                devices/robot-\(number * 7): \(number % 3 == 0 ? "change" : "replace the whole of it")
                """.utf8)
        }
        let objects = texts.map { GitObject(.blob, $0) } + [GitObject(.blob, Array("short".utf8))]
        let plain = pack(objects.map { NewObject($0) })
        var builder = PackBuilder()
        let deflater = Deflater()
        for entry in plain.entries {
            let isAdded = builder.add(entry, of: plain.bytes, compressing: deflater)
            #expect(isAdded)
        }
        let joined = builder.finish()
        #expect(joined.entries.count { $0.base != nil } > 30)
        #expect(joined.bytes.count < plain.bytes.count / 2)
        let listed = try judge(joined)
        for object in objects { #expect(listed.contains("\(object.id) blob")) }
        #expect(!listed.contains("chain length = 13:"))
    }

    @Test("what was written is read again, and what is damaged is not")
    func reading() throws {
        let pack = pack(chain(0..<60) + [NewObject(GitObject(.tree, []))])
        let index = pack.index()
        let read = try #require(Pack(bytes: pack.bytes, index: index))
        #expect(read.checksum == pack.checksum)
        #expect(read.entries.map(\.id) == pack.entries.map(\.id))
        #expect(read.entries.map(\.depth) == pack.entries.map(\.depth))
        #expect(read.entries.map(\.range) == pack.entries.map(\.range))
        for place in stride(from: 0, to: pack.bytes.count, by: 97) {
            var damaged = pack.bytes
            damaged[place] ^= 0x40
            #expect(Pack(bytes: damaged, index: index) == nil)
            #expect(Pack(bytes: Array(pack.bytes[..<place]), index: index) == nil)
        }
        for place in stride(from: 0, to: index.count, by: 61) {
            #expect(Pack(bytes: pack.bytes, index: Array(index[..<place])) == nil)
        }
    }
}
