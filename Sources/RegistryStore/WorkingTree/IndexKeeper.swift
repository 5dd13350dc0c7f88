internal import Git
internal import Glibc
internal import Registry

/// Brings git's index after the commits that the server made.
///
/// The index is one file as large as the registry, so it follows some time after each batch.
/// Only entries of changed paths are touched: what a person staged stays.
struct IndexKeeper {
    /// What is still to be done for one path.
    struct Pending {
        /// What may stand in the index: what commits since the last time had there.
        var known: Set<TreeEditor.File?>
        var wanted: TreeEditor.File?
    }

    private let places: StorePlaces
    /// The commit that the index stands for.
    private(set) var commit: ObjectID?
    private(set) var pending: [FilePath: Pending] = [:]
    /// The files as they were written, to know them again: their stat data may go into the index.
    private var written: [FilePath: FileFacts] = [:]

    init(places: StorePlaces, commit: ObjectID?) {
        self.places = places
        self.commit = commit
    }

    var isBehind: Bool { !pending.isEmpty }

    /// Notes that a path went from one committed content to another.
    mutating func note(
        _ path: String, from old: TreeEditor.File?, to new: TreeEditor.File?
    ) {
        pending[FilePath(path), default: Pending(known: [], wanted: nil)].known.insert(old)
        pending[FilePath(path)]?.wanted = new
    }

    /// Notes the facts of a file that the server has just put into the working tree.
    mutating func noteWritten(_ path: String, _ facts: FileFacts?) {
        written[FilePath(path)] = facts
    }

    /// Whether the file is the one that the server put there.
    func isOwn(_ path: String, _ facts: FileFacts) -> Bool {
        written[FilePath(path)]?.isSameContent(as: facts) ?? false
    }

    /// Brings the index to `tip`, under git's own lock.
    mutating func bringForward(to tip: ObjectID?) throws(IndexError) {
        if isBehind {
            try update(places.index)
            pending = [:]
            written = [:]
        }
        commit = tip
    }

    /// Brings another index file forward: the one that a running `git commit` is about to use.
    func bringForward(file: String) throws(IndexError) {
        if isBehind { try update(file) }
    }

    /// Prepares the new content beside the index and holds git's lock only to put it in place, so
    /// that a person's git hardly ever finds the lock taken.
    private func update(_ file: String) throws(IndexError) {
        let draft = places.temporary + "/index"
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
        do throws(FileError) {
            try FileSystem.create(lock, [])
        } catch {
            throw error.isExisting ? .locked(path: lock) : .file(error)
        }
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

    private func write(_ draft: String, startingFrom file: String) throws(IndexError) {
        do throws(FileError) {
            try FileSystem.remove(draft)
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
        guard let now = FileFacts(at: places.file(path)), isOwn(path, now) else { return nil }
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
