internal import CGit2
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Files that nobody needs any more, which new ones are written into.
///
/// A registry replaces one small file with each write. Where a file system frees blocks at once (ext4
/// with `discard`), removing the old one takes longer than all the rest of a write. Only a file that
/// has no other name and that no other program has open is used again; the rest is removed.
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

    private struct State {
        /// Paths of files that wait for a use, on the disk under no other name.
        var waiting: [String] = []
        /// Those that the disk may still hold under the name that they had.
        var retired: [String] = []
        /// By the permissions that were asked for.
        var marks: [UInt32: Marks] = [:]
        /// Whether the file system cannot tell who has a file open.
        var isUseless = false

        var count: Int { waiting.count + retired.count }
    }

    /// So many are kept, of a few kilobytes each; as many as are replaced within some seconds.
    private static let limit = 4096
    private static let sizeLimit = 4096
    private static let prefix = "spare-"

    private let folder: String
    private let state = Mutex(State())
    private let removing = DispatchQueue(label: "registry-spare-files", qos: .utility)

    /// - Parameter folder: on the file system of the files, and only the owner's; there before the
    ///   first use.
    public init(in folder: String) { self.folder = folder }

    /// Takes over what an earlier server has left in the folder.
    ///
    /// - Returns: whether `name` is of that kind.
    public func adopt(_ name: String) -> Bool {
        guard name.hasPrefix(Self.prefix) else { return false }
        keep("\(folder)/\(name)")
        return true
    }

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
        state.withLock { $0.waiting += retired }
    }

    /// Makes a new file with this content; nothing is left of it when that fails.
    ///
    /// - Returns: the facts of the file as written.
    public func create(
        _ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o666
    ) throws(FileError) -> FileFacts {
        let (spare, marks) = state.withLock { state in
            let marks = state.marks[permissions]
            let isSmall = marks != nil && bytes.count <= Self.sizeLimit
            return (isSmall ? state.waiting.popLast() : nil, marks)
        }
        if let spare, let marks {
            if let facts = Self.write(bytes, into: spare, marks, ifAlone: isAlone) {
                do throws(FileError) {
                    try FileSystem.moveNew(spare, to: path)
                    return facts
                } catch {
                    // Another file of that name, mostly: this one is as good as before.
                    state.withLock { $0.waiting.append(spare) }
                    throw error
                }
            }
            removing.async { unlink(spare) }
        }
        let facts = try FileSystem.create(path, bytes, permissions: permissions)
        if marks == nil { state.withLock { $0.marks[permissions] = Marks(facts) } }
        return facts
    }

    /// Takes away a file that is not needed any more.
    public func retire(_ path: String) throws(FileError) {
        let spare = "\(folder)/\(Self.prefix)\(UInt64.random(in: .min ... .max))"
        // A name that stays would be a lock that nobody releases.
        guard rename(path, spare) == 0 else { return try FileSystem.remove(path) }
        keep(spare)
    }

    /// Keeps a file for later, or removes it where there are enough.
    private func keep(_ spare: String) {
        let isKept =
            FileFacts(at: spare).map { $0.kind == .file && $0.size <= Self.sizeLimit } ?? false
        let isTaken = state.withLock { state in
            guard isKept, !state.isUseless, state.count < Self.limit else { return false }
            state.retired.append(spare)
            return true
        }
        // Nobody waits for the removal.
        if !isTaken { removing.async { unlink(spare) } }
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
