internal import Git
internal import Glibc
internal import Synchronization

/// The right to write to one repository, held by at most one process (flock).
///
/// The file says who holds it. The system lets go of it when the process ends, however it ends.
final class StoreLock: Sendable {
    /// -1 after the release.
    private let descriptor: Mutex<Int32>
    /// Whether the last owner was stopped before it could let go in order.
    let wasAbandoned: Bool
    private let path: String

    init(_ path: String, of registry: String) throws(StoreOpeningError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .permission(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let note = (try? FileSystem.read(path, limit: 4096)) ?? nil
            let owner = String(decoding: note ?? [], as: UTF8.self)
            throw .locked(path: registry, owner: owner.isEmpty ? "another process" : owner)
        }
        self.descriptor = Mutex(descriptor)
        wasAbandoned = (FileFacts(of: descriptor)?.size ?? 0) > 0
        self.path = path
        announce("process \(getpid())")
    }

    deinit { release() }

    /// Lets another process have the repository, which is complete.
    func releaseInOrder() {
        announce("")
        release()
    }

    private func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    /// Writes who holds the lock, for the message that a second server shows.
    func announce(_ owner: String) {
        descriptor.withLock { descriptor in
            // Only a hint for people: that it could not be written harms nothing.
            guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { return }
            try? FileSystem.write(Array(owner.utf8), to: descriptor, path)
        }
    }
}
