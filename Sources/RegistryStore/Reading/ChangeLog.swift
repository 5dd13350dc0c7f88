internal import Git
internal import Registry
internal import Synchronization

/// The newest commits of each path, so that the history of a document needs no walk.
///
/// The writer adds its commits as they happen; older ones are read from the repository in the
/// background after the start.
final class ChangeLog: Sendable {
    /// How many commits are kept of one path.
    static let depth = 20

    private struct State {
        /// Newest first.
        var commits: [FilePath: [ObjectID]] = [:]
        var isComplete = false
    }

    private let state = Mutex(State())

    /// Adds a commit that is newer than all others.
    func addNewest(_ commit: ObjectID, _ paths: some Sequence<String>) {
        state.withLock { state in
            for path in paths.map({ FilePath($0) }) {
                var commits = state.commits[path] ?? []
                if commits.count == Self.depth { commits.removeLast() }
                commits.insert(commit, at: 0)
                state.commits[path] = commits
            }
        }
    }

    /// Adds a commit that is older than all others.
    func addOldest(_ commit: ObjectID, _ paths: some Sequence<String>) {
        state.withLock { state in
            for path in paths.map({ FilePath($0) })
            where state.commits[path, default: []].count < Self.depth {
                state.commits[path, default: []].append(commit)
            }
        }
    }

    /// Every commit has been added.
    func finish() { state.withLock { $0.isComplete = true } }

    /// The newest commits of a path; nil while older ones that may be missing are still read.
    func commits(of path: String, limit: Int) -> [ObjectID]? {
        state.withLock { state in
            let commits = state.commits[FilePath(path)] ?? []
            let isEnough = commits.count >= limit || state.isComplete
            return isEnough ? Array(commits.prefix(limit)) : nil
        }
    }
}
