internal import Glibc

/// A locked reference, which no other program moves until this is used or dropped.
///
/// The lock is git's own `<name>.lock` beside the loose reference (git-update-ref). No entry of the
/// reflog is made: a branch that only grows is its own log, and writes come by the thousand.
public struct ReferenceLock: ~Copyable {
    private let path: String
    private let isFlushed: Bool
    private let spares: SpareFiles?
    /// Whether the lock's file is gone; one of that name is another program's.
    private var isGone = false

    /// Locks `name`; throws an ``FileError/isExisting`` error while someone else holds it.
    ///
    /// - Parameters:
    ///   - id: where the reference is to be moved.
    ///   - spares: where to take the file from; for references that move often.
    ///   - flush: whether that has to outlast a power cut; for a branch the journal sees to it.
    public init(
        locking name: String, in repository: borrowing Repository, toMoveTo id: ObjectID,
        from spares: SpareFiles? = nil, flush: Bool = false
    ) throws(FileError) {
        let path = repository.commonDirectory + name
        let line = Array("\(id)\n".utf8)
        do throws(FileError) {
            try Self.create(path + ".lock", line, spares, flush)
        } catch {
            // All of a folder's references may be packed; then it is gone.
            guard error.isMissing, let slash = path.lastSlash else { throw error }
            try FileSystem.makeFolder(String(path[..<slash]))
            try Self.create(path + ".lock", line, spares, flush)
        }
        self.path = path
        self.spares = spares
        isFlushed = flush
    }

    private static func create(
        _ path: String, _ bytes: [UInt8], _ spares: SpareFiles?, _ flush: Bool
    ) throws(FileError) {
        guard !flush, let spares else {
            try FileSystem.create(path, bytes, flush: flush)
            return
        }
        _ = try spares.create(path, bytes)
    }

    deinit {
        guard !isGone else { return }
        let lock = path + ".lock"
        guard let spares else {
            unlink(lock)
            return
        }
        try? spares.retire(lock)
    }

    /// Moves the reference and releases it.
    public consuming func move() throws(FileError) {
        do throws(FileError) {
            // Renaming over a file makes ext4 flush the new one; an exchange does not, and what was
            // the reference goes away with the lock.
            try FileSystem.exchange(path + ".lock", path)
        } catch {
            guard error.isMissing else { throw error }
            try FileSystem.moveNew(path + ".lock", to: path)
            isGone = true
        }
        guard isFlushed, let slash = path.lastSlash else { return }
        try FileSystem.flush(folder: String(path[..<slash]))
    }
}
