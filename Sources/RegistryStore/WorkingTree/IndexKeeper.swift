internal import Git
internal import Glibc
internal import Registry

/// Brings git's index after the commits that the server made.
///
/// The index is one file as large as the registry, so it follows some time after each batch.
/// Only entries of changed paths are touched: what a person staged stays.
struct IndexKeeper {
    /// What is still to be done for one path.
    struct Pending: Sendable {
        /// What may stand in the index: what commits since the last time had there.
        var known: Set<TreeEditor.File?>
        var wanted: TreeEditor.File?
    }

    private let places: StorePlaces
    /// The commit that the index stands for.
    private(set) var commit: ObjectID?
    private(set) var pending: [FilePath: Pending] = [:]
    /// How many updates have been begun.
    private var begun = 0
    /// The newest that has been finished.
    private var finished = 0
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

    /// Takes what is to be done to bring the index to `tip`.
    mutating func beginUpdate(to tip: ObjectID?) -> IndexUpdate {
        begun += 1
        return IndexUpdate(
            number: begun, commit: tip, pending: pending, written: written, places: places)
    }

    /// Notes that an update of git's own index is done; what came meanwhile stays to be done.
    mutating func finish(_ update: IndexUpdate) {
        for (path, done) in update.pending where pending[path]?.wanted == done.wanted {
            pending[path] = nil
        }
        for (path, facts) in update.written where written[path] == facts { written[path] = nil }
        guard update.number > finished else { return }
        finished = update.number
        commit = update.commit
    }
}
