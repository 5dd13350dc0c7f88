import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Git

@Suite("Locks of references")
struct ReferenceLockTests {
    private let scratch: ScratchRepository

    init() throws { scratch = try ScratchRepository() }

    @Test("another program's lock, taken right after the move of a packed reference, is left alone")
    func othersLock() throws {
        let repository = try Repository(opening: scratch.path)
        let spares = SpareFiles(in: scratch.path)
        let id = GitObject(.blob, []).id
        let path = "\(repository.commonDirectory)refs/heads/main"
        let isDone = Atomic(false)
        let stolen = Atomic(0)
        let other = DispatchQueue(label: "another program")
        other.async {
            while !isDone.load(ordering: .relaxed) {
                let lock = open(path + ".lock", O_CREAT | O_EXCL | O_WRONLY, 0o600)
                guard lock >= 0 else { continue }
                close(lock)
                usleep(20)
                if unlink(path + ".lock") != 0 { stolen.add(1, ordering: .relaxed) }
            }
        }
        var moves = 0
        while moves < 300 {
            do throws(FileError) {
                let lock = try ReferenceLock(
                    locking: "refs/heads/main", in: repository, toMoveTo: id, from: spares)
                // As packing does; so nothing is left to change places with.
                unlink(path)
                try lock.move()
                moves += 1
            } catch {
                guard error.isExisting else { throw error }
            }
        }
        isDone.store(true, ordering: .relaxed)
        other.sync {}
        #expect(stolen.load(ordering: .relaxed) == 0)
    }
}
