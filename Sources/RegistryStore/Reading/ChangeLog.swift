internal import Git
internal import Registry
internal import Synchronization

/// The newest commits of each document, so that its history needs no walk.
///
/// A document is followed from one place of its file to the next: see ``DocumentPlaces``.
///
/// The writer adds its commits as they happen; older ones are read from the repository in the
/// background after the start. Commits of very many paths are remembered as such, without them.
final class ChangeLog: Sendable {
    /// How many commits are kept of one path.
    static let depth = 20
    /// A commit of more paths is remembered without them.
    static let pathLimit = 1_000

    /// A commit that may have changed a path.
    struct Candidate: Hashable {
        let commit: ObjectID
        /// Whether its trees have to be asked.
        let isBulk: Bool
    }

    /// A commit and its place in time; greater is newer.
    private struct Entry {
        let commit: ObjectID
        let time: Int32
    }

    private struct State {
        /// Newest first, of each path.
        var commits: [FilePath: [Entry]] = [:]
        /// Those of very many paths, newest first.
        var bulk: [Entry] = []
        var newest: Int32 = 0
        var oldest: Int32 = 0
        var isComplete = false
    }

    private let state = Mutex(State())

    /// Adds a commit that is newer than all others.
    ///
    /// - Parameter paths: nil for more than ``pathLimit``.
    func addNewest(_ commit: ObjectID, _ paths: [String]?) {
        state.withLock { state in
            state.newest &+= 1
            let entry = Entry(commit: commit, time: state.newest)
            guard let paths, paths.count <= Self.pathLimit else {
                return state.bulk.insert(entry, at: 0)
            }
            for name in Set(paths.map(DocumentPlaces.name(ofPath:))) {
                state.commits[name, default: []].insert(entry, at: 0)
                let count = state.commits[name]?.count ?? 0
                if count > Self.depth { state.commits[name]?.removeLast() }
            }
        }
    }

    /// Adds a commit that is older than all others.
    ///
    /// - Parameter paths: nil for more than ``pathLimit``.
    func addOldest(_ commit: ObjectID, _ paths: [String]?) {
        state.withLock { state in
            state.oldest &-= 1
            let entry = Entry(commit: commit, time: state.oldest)
            guard let paths, paths.count <= Self.pathLimit else {
                return state.bulk.append(entry)
            }
            for name in Set(paths.map(DocumentPlaces.name(ofPath:)))
            where state.commits[name, default: []].count < Self.depth {
                state.commits[name, default: []].append(entry)
            }
        }
    }

    /// Every commit has been added.
    func finish() { state.withLock { $0.isComplete = true } }

    /// Whether no commit is missing that may be older than those of ``candidates(for:)``.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// The newest commits that may have changed the document at `path`, newest first.
    func candidates(for path: String) -> [Candidate] {
        let name = DocumentPlaces.name(ofPath: path)
        let (own, bulk) = state.withLock { ($0.commits[name] ?? [], $0.bulk) }
        // Of a path with many commits the older ones are not kept.
        let end = own.count < Self.depth ? nil : own.last?.time
        var candidates = own.map { (entry: $0, isBulk: false) }
        candidates += bulk.filter { $0.time >= end ?? .min }.map { ($0, true) }
        return candidates.sorted { $0.entry.time > $1.entry.time }
            .map { Candidate(commit: $0.entry.commit, isBulk: $0.isBulk) }
    }
}
