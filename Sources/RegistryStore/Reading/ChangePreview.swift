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
    public private(set) var changes: [FileChange]
    /// Every path that it changes, in order.
    public private(set) var paths: [String]
    /// Where both sides changed one place; the served side is what ``changes`` show there.
    public private(set) var conflicts: [MergeConflict]
    /// The errors that the registry would have and has not now.
    public private(set) var problems: [Problem]
    /// The warnings likewise.
    public private(set) var warnings: [Problem]
    /// The registry as it would be.
    public let snapshot: Snapshot
    public private(set) var reach: ChangeReach

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

extension ChangePreview {
    /// What of it is about documents that somebody may read. The registry as it would be stays whole.
    func part(where mayRead: (DocumentKey) -> Bool) -> ChangePreview {
        func isReadable(_ path: String) -> Bool {
            guard case .document(let key) = FileLayout.key(ofPath: path) else { return false }
            return mayRead(key)
        }
        var part = self
        part.changes = changes.filter { isReadable($0.path) }
        part.paths = paths.filter(isReadable)
        part.conflicts = conflicts.filter { isReadable($0.path) }
        part.problems = problems.filter { isReadable($0.path) }
        part.warnings = warnings.filter { isReadable($0.path) }
        part.reach = reach.part(where: mayRead)
        return part
    }

    /// Whether nothing was left out where this is a part of `whole`.
    func hasAll(of whole: ChangePreview) -> Bool {
        paths.count == whole.paths.count && conflicts.count == whole.conflicts.count
            && problems.count == whole.problems.count && warnings.count == whole.warnings.count
            && reach == whole.reach
    }
}
