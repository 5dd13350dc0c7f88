internal import Git
internal import Glibc
internal import Registry

/// What brings an index file after the commits of the server: done on any thread.
struct IndexUpdate: Sendable {
    let number: Int
    /// The commit that the index stands for afterwards.
    let commit: ObjectID?
    let pending: [FilePath: IndexKeeper.Pending]
    let written: [FilePath: FileFacts]
    let places: StorePlaces

    /// Brings git's own index forward.
    ///
    /// - Returns: how many seconds it took.
    func apply() throws(IndexError) -> Double {
        let start = Clock.monotonicSeconds
        try apply(to: places.index)
        return Clock.monotonicSeconds - start
    }

    /// Prepares the new content beside the index and holds git's lock only to put it in place, so
    /// that a person's git hardly ever finds the lock taken.
    func apply(to file: String) throws(IndexError) {
        guard !pending.isEmpty else { return }
        let draft = "\(places.temporary)/index-\(UInt64.random(in: .min ... .max))"
        defer { unlink(draft) }
        // Whoever holds it for long, an open editor for instance, costs no work here.
        if FileFacts(at: file + ".lock") != nil { throw .locked(path: file + ".lock") }
        for _ in 0..<10 {
            let before = FileFacts(at: file)
            try write(draft, startingFrom: file)
            if try exchange(draft, with: file, unless: before) { return }
        }
        throw .locked(path: file)
    }

    /// - Returns: false when the index is not the one that `before` tells of any more.
    private func exchange(
        _ draft: String, with file: String, unless before: FileFacts?
    ) throws(IndexError) -> Bool {
        let lock = file + ".lock"
        try take(lock)
        do throws(FileError) {
            guard FileFacts(at: file) == before else {
                try FileSystem.remove(lock)
                return false
            }
            // Our own lock file takes the new content at once, then becomes the index, as git
            // does it.
            try FileSystem.move(draft, to: lock)
            try FileSystem.move(lock, to: file)
            return true
        } catch {
            unlink(lock)
            throw .file(error)
        }
    }

    /// Waits a tenth of a second for the lock: editors that ask for the status again and again hold
    /// it for most of the time, but never for long.
    private func take(_ lock: String) throws(IndexError) {
        for _ in 0..<50 {
            do throws(FileError) {
                try FileSystem.create(lock, [])
                return
            } catch {
                guard error.isExisting else { throw .file(error) }
            }
            usleep(2_000)
        }
        throw .locked(path: lock)
    }

    private func write(_ draft: String, startingFrom file: String) throws(IndexError) {
        do throws(FileError) {
            unlink(draft)
            if let bytes = try FileSystem.read(file) { try FileSystem.create(draft, bytes) }
        } catch {
            throw .file(error)
        }
        do throws(GitError) {
            let index = try GitIndex(opening: draft)
            for (key, change) in pending where !index.isConflicted(key.text) {
                let path = key.text
                let staged = index[path].map { TreeEditor.File(mode: $0.mode, id: $0.id) }
                guard staged == change.wanted || change.known.contains(staged) else { continue }
                if let wanted = change.wanted {
                    try index.set(
                        path, to: .init(mode: wanted.mode, id: wanted.id), facts: facts(of: path))
                } else {
                    try index.remove(path)
                }
            }
            try index.write()
        } catch {
            throw .git(error)
        }
    }

    /// Stat data of the file where it is still the one that the server wrote.
    private func facts(of path: String) -> FileFacts? {
        guard let now = FileFacts(at: places.file(path)),
            written[FilePath(path)]?.isSameContent(as: now) == true
        else { return nil }
        return now
    }
}

enum IndexError: Error, CustomStringConvertible {
    /// A person's git holds the index.
    case locked(path: String)
    case file(FileError)
    case git(GitError)

    var description: String {
        switch self {
        case .locked(let path): "\(path) is held by another git process"
        case .file(let error): error.description
        case .git(let error): error.description
        }
    }
}
