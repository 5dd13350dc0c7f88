internal import Glibc

/// A locked reference, which no other program moves until this is used or dropped.
///
/// The lock is git's own `<name>.lock` beside the loose reference (git-update-ref). No entry of the
/// reflog is made: a branch that only grows is its own log, and writes come by the thousand.
public struct ReferenceLock: ~Copyable {
    private let path: String

    /// Locks `name`; throws an ``FileError/isExisting`` error while someone else holds it.
    public init(locking name: String, in repository: borrowing Repository) throws(FileError) {
        let path = repository.commonDirectory + name
        do throws(FileError) {
            try FileSystem.create(path + ".lock", [])
        } catch {
            // All of a folder's references may be packed; then it is gone.
            guard error.isMissing, let slash = path.lastSlash else { throw error }
            try FileSystem.makeFolder(String(path[..<slash]))
            try FileSystem.create(path + ".lock", [])
        }
        self.path = path
    }

    deinit { unlink(path + ".lock") }

    /// Moves the reference and releases it.
    ///
    /// - Parameter folder: on the same file system, for a draft.
    public consuming func move(to id: ObjectID, draftIn folder: String) throws(FileError) {
        let draft = "\(folder)/\(UInt64.random(in: .min ... .max))"
        try FileSystem.create(draft, Array("\(id)\n".utf8))
        do throws(FileError) {
            // Renaming over a file makes ext4 flush the new one; an exchange does not.
            try FileSystem.exchange(draft, path)
            unlink(draft)
        } catch {
            do throws(FileError) {
                guard error.isMissing else { throw error }
                try FileSystem.moveNew(draft, to: path)
            } catch {
                unlink(draft)
                throw error
            }
        }
    }
}
