internal import Git
public import Registry

/// What a change would do to the registry, for people to look at first.
public struct ChangePreview: Sendable {
    /// One file that it changes.
    public struct FileChange: Sendable {
        public let path: String
        /// The served content; nil where there is none.
        public let old: [UInt8]?
        /// The content afterwards; nil where there is none.
        public let new: [UInt8]?

        /// What differs, field by field.
        public var difference: DocumentDifference {
            DocumentDifference(path: path, old: old, new: new)
        }
    }

    /// The first of the files that it changes, by path.
    public let changes: [FileChange]
    /// Every path that it changes, in order.
    public let paths: [String]
    /// Where both sides changed one place; the served side is what ``changes`` show there.
    public let conflicts: [MergeConflict]
    /// The errors that the registry would have and has not now.
    public let problems: [Problem]
    /// The warnings likewise.
    public let warnings: [Problem]
    /// The registry as it would be.
    public let snapshot: Snapshot
    public let reach: ChangeReach

    /// More than a person reads on one page.
    private static let changeLimit = 200

    /// - Parameters:
    ///   - commit: the commit that it would be; nil where there is none yet.
    ///   - before: the registry that it changes.
    init(
        _ plan: PlannedTree, reaching commit: Revision?, after before: Snapshot,
        _ database: borrowing ObjectDatabase
    ) throws(GitError) {
        let sorted = plan.changes.sorted { FilePath($0.path) < FilePath($1.path) }
        var contents: [FileChange] = []
        for change in sorted.prefix(Self.changeLimit) {
            contents.append(
                FileChange(
                    path: change.path,
                    old: try change.old.map { file throws(GitError) in
                        try database.read(file.id, as: .blob)
                    },
                    new: try change.new.map { file throws(GitError) in
                        try plan.bytes(of: file.id, database)
                    }))
        }
        changes = contents
        paths = sorted.map(\.path)
        conflicts = plan.conflicts
        snapshot = try plan.applied(to: before, reaching: commit, database)
        problems = snapshot.newErrors(since: before)
        warnings = snapshot.newWarnings(since: before)
        reach = ChangeReach(plan.keys, from: before, to: snapshot)
    }
}
