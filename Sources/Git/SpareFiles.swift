internal import CGit2
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Files that nobody needs any more, which new ones are written into.
///
/// A registry replaces one small file with each write and makes two more for the pack of its
/// objects, which soon is joined with others. Where a file system frees blocks at once (ext4 with
/// `discard`), removing a file takes longer than all the rest of a write, and making one takes the
/// longer the more were removed lately. Only a file that has no other name and that no other program
/// has open is used again; the rest is removed.
public final class SpareFiles: Sendable {
    /// What a file has when it is newly made here.
    private struct Marks: Hashable {
        let owner: UInt32
        let group: UInt32
        let permissions: UInt32

        init(_ facts: FileFacts) {
            owner = facts.owner
            group = facts.group
            permissions = facts.permissions
        }
    }

    /// A file that may be used again.
    private struct Spare {
        let path: String
        /// Blocks that it has on the disk. With the same number none is freed or asked for.
        let blocks: Int
    }

    private struct State {
        /// Those that wait for a use, on the disk under no other name, by their number of blocks.
        var waiting: [Int: [Spare]] = [:]
        /// Those that the disk may still hold under the name that they had.
        var retired: [Spare] = []
        /// Of all of them.
        var blocks = 0
        /// By the permissions that were asked for.
        var marks: [UInt32: Marks] = [:]
        /// The numbers of blocks of which some are being made.
        var lacking: Set<Int> = []
        /// Whether the file system cannot tell who has a file open.
        var isUseless = false

        mutating func take(_ blocks: Int) -> Spare? {
            // A document never makes a pack's file shorter: freeing its blocks takes as long as
            // removing it.
            for blocks in (min(2, blocks)...blocks).reversed() {
                guard let spare = waiting[blocks]?.popLast() else { continue }
                self.blocks -= spare.blocks
                return spare
            }
            return nil
        }

        /// - Parameter isNew: whether it goes behind those that were used before.
        mutating func add(_ spare: Spare, isNew: Bool = false) {
            let place = isNew ? 0 : waiting[spare.blocks]?.count ?? 0
            waiting[spare.blocks, default: []].insert(spare, at: place)
            blocks += spare.blocks
        }
    }

    private static let blockSize = 4096
    /// So many blocks are kept (128 MiB): as many as are replaced within some seconds.
    private static let limit = 32_768
    /// So many are made at once where none is left.
    private static let ahead = 16
    /// The largest file that is kept, in bytes: the pack of one write in a folder of a thousand.
    package static let sizeLimit = 64 << 10
    private static let prefix = "spare-"

    /// Where new ones are made.
    private let folder: String
    private let others: [String]
    private let state = Mutex(State())
    /// Where files are removed and made that nobody waits for.
    private let upkeep = DispatchQueue(label: "registry-spare-files", qos: .utility)

    /// Takes over what an earlier server has left in the folders. It is found first of all: a file
    /// that were found there once more would be used twice. Looking at each can wait.
    ///
    /// - Parameters:
    ///   - folder: on the file system of the files, and only the owner's; there before the first
    ///     use. No other spare files are kept in it.
    ///   - others: the same. What is retired from one of them stays in it: moving a file between
    ///     folders waits for all others that are moved.
    public init(in folder: String, _ others: String...) {
        self.folder = folder
        self.others = others
        let left = ([folder] + others).flatMap { folder in
            (FileSystem.names(in: folder) ?? []).filter(Self.isName).map { "\(folder)/\($0)" }
        }
        upkeep.async { for path in left { self.keep(path) } }
    }

    /// Waits for what is done while nobody waits.
    func settle() { upkeep.sync {} }

    /// Whether a file of the folder is one of those that wait for a use, by its name.
    public static func isName(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// Flushes the file systems, so that what was retired before can be used: until then the disk
    /// may hold it under its old name, and after a power cut it would be found there with what was
    /// written into it since.
    ///
    /// - Parameter flush: does it.
    public func flushing(_ flush: () throws(FileError) -> Void) throws(FileError) {
        let retired = state.withLock { state in
            defer { state.retired = [] }
            return state.retired
        }
        try flush()
        state.withLock { state in
            for spare in retired { state.waiting[spare.blocks, default: []].append(spare) }
        }
    }

    /// Makes a new file with this content; nothing is left of it when that fails.
    ///
    /// - Returns: the facts of the file as written.
    public func create(
        _ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o666
    ) throws(FileError) -> FileFacts {
        guard let (spare, facts) = spare(holding: bytes, permissions) else {
            return try make(path, bytes, permissions)
        }
        do throws(FileError) {
            try FileSystem.moveNew(spare.path, to: path)
            return facts
        } catch {
            // Another file of that name, mostly: this one is as good as before.
            state.withLock { $0.add(spare) }
            throw error
        }
    }

    /// Puts a file with this content at `path` at once, also where there is another one.
    public func put(
        _ path: String, _ bytes: [UInt8], permissions: UInt32
    ) throws(FileError) {
        let draft: String
        if let (spare, _) = spare(holding: bytes, permissions) {
            draft = spare.path
        } else {
            draft = newName(in: folder)
            _ = try make(draft, bytes, permissions)
        }
        do throws(FileError) {
            try FileSystem.move(draft, to: path)
        } catch {
            unlink(draft)
            throw error
        }
    }

    private func make(
        _ path: String, _ bytes: [UInt8], _ permissions: UInt32
    ) throws(FileError) -> FileFacts {
        let facts = try FileSystem.create(path, bytes, permissions: permissions)
        state.withLock { if $0.marks[permissions] == nil { $0.marks[permissions] = Marks(facts) } }
        return facts
    }

    /// Writes into a file that waits for a use; nil where there is none, or none that may be used.
    private func spare(
        holding bytes: [UInt8], _ permissions: UInt32
    ) -> (Spare, facts: FileFacts)? {
        guard bytes.count <= Self.sizeLimit else { return nil }
        let found = state.withLock { state -> (spare: Spare, marks: Marks)? in
            guard let marks = state.marks[permissions],
                let spare = state.take(Self.blocks(bytes.count))
            else { return nil }
            return (spare, marks)
        }
        guard let (spare, marks) = found else {
            makeAhead(of: bytes.count)
            return nil
        }
        if let facts = Self.write(bytes, into: spare.path, marks, ifAlone: isAlone) {
            return (Spare(path: spare.path, blocks: Self.blocks(bytes.count)), facts)
        }
        upkeep.async { unlink(spare.path) }
        return nil
    }

    /// Makes some files of the size that was lacking, so that the next time nobody waits for that.
    private func makeAhead(of size: Int) {
        let blocks = Self.blocks(size)
        let isDue = state.withLock { state in
            !state.isUseless && state.lacking.insert(blocks).inserted
        }
        guard isDue else { return }
        upkeep.async {
            let content = [UInt8](repeating: 0, count: blocks * Self.blockSize)
            for _ in 0..<Self.ahead {
                let spare = Spare(path: self.newName(in: self.folder), blocks: blocks)
                guard
                    (try? FileSystem.create(spare.path, content, permissions: 0o600)) != nil
                else { break }
                self.state.withLock { $0.add(spare, isNew: true) }
            }
            self.state.withLock { _ = $0.lacking.remove(blocks) }
        }
    }

    /// One at least, as most files have.
    private static func blocks(_ size: Int) -> Int { max(1, (size + blockSize - 1) / blockSize) }

    private func newName(in folder: String) -> String {
        "\(folder)/\(Self.prefix)\(UInt64.random(in: .min ... .max))"
    }

    /// Takes away a file that is not needed any more.
    public func retire(_ path: String) throws(FileError) {
        let present = path.lastSlash.map { path[..<$0] }
        let spare = newName(in: others.first { $0[...] == present } ?? folder)
        // A name that stays would be a lock that nobody releases.
        guard rename(path, spare) == 0 else { return try FileSystem.remove(path) }
        keep(spare)
    }

    /// Keeps a file for later, or removes it where there are enough.
    private func keep(_ path: String) {
        guard let facts = FileFacts(at: path), !retire(path, facts) else { return }
        // Nobody waits for the removal.
        upkeep.async { unlink(path) }
    }

    /// - Returns: false for a file that is not to be kept.
    private func retire(_ path: String, _ facts: FileFacts) -> Bool {
        guard facts.kind == .file, facts.size <= Self.sizeLimit else { return false }
        // What nobody may write into, as a pack, its owner can all the same.
        if facts.permissions & 0o200 == 0 { chmod(path, 0o600) }
        let spare = Spare(path: path, blocks: Self.blocks(facts.size))
        return state.withLock { state in
            guard !state.isUseless, state.blocks + spare.blocks <= Self.limit else { return false }
            state.retired.append(spare)
            state.blocks += spare.blocks
            return true
        }
    }

    /// Whether no other program has the file open.
    private func isAlone(_ descriptor: Int32) -> Bool {
        let answer = muster_is_open_here_alone(descriptor)
        if answer < 0 { state.withLock { $0.isUseless = true } }
        return answer == 1
    }

    /// - Returns: nil where the file is not to be used; what is in it is nobody's then.
    private static func write(
        _ bytes: [UInt8], into path: String, _ marks: Marks, ifAlone isAlone: (Int32) -> Bool
    ) -> FileFacts? {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let old = FileFacts(of: descriptor), old.links == 1, old.owner == marks.owner,
            old.group == marks.group, muster_attribute_bytes(descriptor) <= 0, isAlone(descriptor),
            (try? FileSystem.write(bytes, to: descriptor, path)) != nil,
            old.size <= bytes.count || ftruncate(descriptor, off_t(bytes.count)) == 0,
            old.permissions == marks.permissions || fchmod(descriptor, marks.permissions) == 0
        else { return nil }
        return FileFacts(of: descriptor)
    }
}
