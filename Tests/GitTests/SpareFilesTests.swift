import Glibc
import Testing

@testable import Git

@Suite("Files that are used again")
struct SpareFilesTests {
    let repository: ScratchRepository
    let spares: SpareFiles

    init() throws {
        repository = try ScratchRepository()
        spares = SpareFiles(in: repository.path)
        // The first one of a kind shows what new files look like here.
        _ = try spares.create("\(repository.path)/first", [])
    }

    /// Makes a file, retires it, and makes another.
    ///
    /// - Returns: whether both are one file.
    private func isReused(
        flushed: Bool = true, _ meanwhile: (_ path: String) throws -> Void = { _ in }
    ) throws -> Bool {
        let (old, new) = ("\(repository.path)/old", "\(repository.path)/new")
        let before = try spares.create(old, Array("a longer text".utf8))
        try meanwhile(old)
        try spares.retire(old)
        #expect(FileFacts(at: old) == nil)
        if flushed { try spares.flushing {} }
        let after = try spares.create(new, Array("short".utf8))
        #expect(try FileSystem.read(new) == Array("short".utf8))
        #expect(FileFacts(at: new)?.isSameContent(as: after) == true)
        #expect(after.size == 5 && after.permissions == before.permissions)
        return after.inode == before.inode
    }

    @Test("a retired file is the next new one, with that one's content alone")
    func reused() throws { #expect(try isReused()) }

    @Test("not before a flush: the disk may still know it by its old name")
    func unflushed() throws { #expect(try !isReused(flushed: false)) }

    @Test("not while somebody has it open, who goes on reading what was in it")
    func open() throws {
        var reader: Int32 = -1
        defer { close(reader) }
        let isReused = try isReused { path in reader = Glibc.open(path, O_RDONLY) }
        #expect(!isReused)
        var bytes = [UInt8](repeating: 0, count: 64)
        #expect(read(reader, &bytes, 64) == 13)
    }

    @Test("not while it has another name, which keeps its content")
    func linked() throws {
        let other = "\(repository.path)/other"
        let isReused = try isReused { path in #expect(link(path, other) == 0) }
        #expect(!isReused)
        #expect(try FileSystem.read(other) == Array("a longer text".utf8))
    }

    @Test("where another file has the name, that one stays and nothing is lost")
    func existing() throws {
        #expect(try isReused())
        try spares.retire("\(repository.path)/new")
        try spares.flushing {}
        #expect(throws: FileError.self) { try spares.create("\(repository.path)/first", [1]) }
        #expect(try FileSystem.read("\(repository.path)/first") == [])
        #expect(try isReused())
    }

    @Test("a mode that a person set is taken off")
    func mode() throws {
        let isReused = try isReused { path in #expect(chmod(path, 0o755) == 0) }
        #expect(isReused)
    }

    @Test("a file goes to one of as many blocks, which neither frees nor takes any")
    func sizes() throws {
        var inodes: [Int: UInt64] = [:]
        for size in [3, 9_000, 20_000] {
            let path = "\(repository.path)/of-\(size)"
            inodes[size] = try spares.create(path, [UInt8](repeating: 1, count: size)).inode
            try spares.retire(path)
        }
        try spares.flushing {}
        for (size, before) in [(20_400, 20_000), (8_193, 9_000), (4_096, 3)] {
            let facts = try spares.create(
                "\(repository.path)/again-\(size)", [UInt8](repeating: 2, count: size))
            #expect(facts.inode == inodes[before])
        }
    }

    @Test("what is put replaces another file at once, and may be read only")
    func put() throws {
        let path = "\(repository.path)/pack"
        for text in ["one", "two", "three"] {
            try spares.put(path, Array(text.utf8), permissions: 0o444)
            #expect(FileFacts(at: path)?.permissions == 0o444)
        }
        let inode = FileFacts(at: path)?.inode
        try spares.retire(path)
        try spares.flushing {}
        try spares.put(path, Array("four".utf8), permissions: 0o444)
        #expect(FileFacts(at: path)?.inode == inode)
        #expect(FileFacts(at: path)?.permissions == 0o444)
        #expect(try FileSystem.read(path) == Array("four".utf8))
    }

    @Test("what is retired stays in its folder, where a later server finds it")
    func folders() throws {
        let (one, other) = ("\(repository.path)/one", "\(repository.path)/other")
        for folder in [one, other] { try FileSystem.makeFolder(folder) }
        let spares = SpareFiles(in: one, other)
        for folder in [other, other, one, repository.path] {
            let path = "\(folder)/file"
            _ = try spares.create(path, [1])
            try spares.retire(path)
        }
        func count(in folder: String) -> Int {
            (FileSystem.names(in: folder) ?? []).filter(SpareFiles.isName).count
        }
        #expect(count(in: other) == 2)
        #expect(count(in: one) >= 2)
        let next = SpareFiles(in: one, other)
        // The first one of a kind shows what new files look like here.
        _ = try next.create("\(one)/shown", [])
        next.settle()
        try next.flushing {}
        for number in 1...4 { _ = try next.create("\(one)/next-\(number)", [1]) }
        #expect(count(in: other) == 0)
    }

    @Test("what an earlier server has left is used again, each file once")
    func adopted() throws {
        for name in ["one", "two", "three"] {
            let path = "\(repository.path)/\(name)"
            _ = try spares.create(path, Array(name.utf8))
            try spares.retire(path)
        }
        let left = (FileSystem.names(in: repository.path) ?? []).filter(SpareFiles.isName).count
        #expect(left >= 3)
        let next = SpareFiles(in: repository.path)
        // The first one of a kind shows what new files look like here.
        _ = try next.create("\(repository.path)/shown", [])
        try next.retire("\(repository.path)/first")
        next.settle()
        try next.flushing {}
        var inodes: Set<UInt64> = []
        for number in 1...left {
            let facts = try next.create("\(repository.path)/next-\(number)", [UInt8(number)])
            inodes.insert(facts.inode)
        }
        #expect(inodes.count == left)
        for number in 1...left {
            #expect(try FileSystem.read("\(repository.path)/next-\(number)") == [UInt8(number)])
        }
    }
}
