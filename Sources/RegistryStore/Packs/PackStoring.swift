internal import Dispatch
internal import Git
internal import Synchronization

/// A pack that is being written on another thread.
final class PackStoring: Sendable {
    private let group = DispatchGroup()
    private let result = Mutex<Result<String?, FileError>>(.success(nil))

    init(on thread: WorkThread, _ write: @escaping @Sendable () -> Result<String?, FileError>) {
        group.enter()
        thread.async {
            let made = write()
            self.result.withLock { $0 = made }
            self.group.leave()
        }
    }

    /// The pack's name once it is there; nil where there was nothing to store.
    func wait() -> Result<String?, FileError> {
        group.wait()
        return result.withLock { $0 }
    }
}

extension NewPacks {
    /// Begins to store the objects of one batch.
    func begin(_ objects: [NewObject]) -> PackStoring {
        PackStoring(on: writing) {
            Result { () throws(FileError) in try self.add(objects) }
        }
    }
}
