internal import Git
public import Registry

/// What differs between two states of the registry.
public struct RevisionComparison: Sendable {
    /// One of the two.
    public struct Side: Hashable, Sendable {
        /// As it was asked for.
        public let name: String
        public let entry: HistoryEntry
    }

    public let from: Side
    public let to: Side
    /// How many documents and files there are of each kind.
    public let counts: [HistoryChange.Kind: Int]
    /// A part of them, by path.
    public let changes: [HistoryChange]
    /// What each of these did, as long as there is time.
    public let differences: [DocumentDifference]
    /// Goes on after ``changes``; nil where that is all.
    public let next: String?

    /// How many there are in all.
    public var count: Int { counts.values.reduce(0, +) }
}

/// Which part of a comparison is asked for.
public struct ComparisonQuery: Hashable, Sendable {
    /// Revisions as `?at=` takes them.
    public var from: String
    public var to: String
    /// Only what is in this collection.
    public var collection: Registry.Collection?
    /// The last path of the page before.
    public var after: String?
    public var limit: Int

    public init(from: String, to: String = "HEAD", limit: Int = 20) {
        self.from = from
        self.to = to
        self.limit = limit
    }
}

extension HistoryReader {
    func commit(named name: String, served: ObjectID) throws -> ObjectID? {
        if name == "HEAD" { return served }
        if let number = RegistryStore.proposalNumber(name) {
            return try opened().repository.target(of: "refs/proposals/\(number)/head")
        }
        return try RegistryStore.commit(name, upTo: served, index, renewals, opened())
    }

    func compare(
        _ query: ComparisonQuery, served: ObjectID
    ) throws -> RevisionComparison {
        let from = try state(named: query.from, served: served)
        let to = try state(named: query.to, served: served)
        let comparison = try comparison(from, to)
        var changes = comparison.changes
        if let collection = query.collection {
            changes = changes.filter { $0.key?.collection == collection }
        }
        var counts: [HistoryChange.Kind: Int] = [:]
        for change in changes { counts[change.kind, default: 0] += 1 }
        let rest = query.after.map { after in
            changes.drop { !(FilePath(after) < FilePath($0.path)) }
        }
        let shown = Array((rest ?? changes[...]).prefix(query.limit))
        let isAll = shown.isEmpty || shown.last?.path == changes.last?.path
        return RevisionComparison(
            from: .init(name: query.from, entry: try entry(from.commit)),
            to: .init(name: query.to, entry: try entry(to.commit)), counts: counts, changes: shown,
            differences: try shown.map { change in
                DocumentDifference(
                    path: change.path, old: try change.old.map { try bytes($0, comparison) },
                    new: try change.new.map { try bytes($0, comparison) })
            },
            next: isAll ? nil : shown.last?.path)
    }

    func difference(of change: HistoryChange) throws -> DocumentDifference {
        DocumentDifference(
            path: change.path, old: try bytes(change.old), new: try bytes(change.new))
    }

    private func state(named name: String, served: ObjectID) throws -> ComparedState {
        guard let commit = try commit(named: name, served: served) else {
            throw RegistryError.unknownRevision(name)
        }
        let handle = try opened()
        guard RegistryStore.proposalNumber(name) != nil else {
            return ComparedState(
                commit: commit, base: try handle.database.commit(commit).tree, merged: nil)
        }
        let plan = try MergePlan(
            taking: commit, into: served, of: handle.repository, handle.database)
        guard let plan else {
            throw RegistryError.unrelated(commit: "\(commit)", branch: "\(served)")
        }
        return ComparedState(
            commit: commit, base: try handle.database.commit(served).tree, merged: plan.result)
    }

    /// By path; the last few are known.
    private func comparison(
        _ from: ComparedState, _ to: ComparedState
    ) throws -> Comparison {
        if let known = comparisons.first(where: { $0.from == from.root && $0.to == to.root }) {
            return known
        }
        let handle = try opened()
        let between = try TreeDifference(from: from.base, to: to.base, in: handle.database)
        let changes = TreeDifference.joined([
            (from.merged?.changes ?? []).map { .init(path: $0.path, old: $0.new, new: $0.old) },
            between.changes, to.merged?.changes ?? [],
        ])
        var comparison = Comparison(from: from.root, to: to.root)
        comparison.merged = [from.merged, to.merged].compactMap(\.self)
        comparison.changes = try HistoryChange.list(changes) { blob throws(GitError) in
            try Self.bytes(blob, comparison, handle)
        }
        comparisons.append(comparison)
        if comparisons.count > Self.comparisonLimit { comparisons.removeFirst() }
        return comparison
    }

    private func bytes(_ blob: Revision, _ comparison: Comparison) throws -> [UInt8] {
        try Self.bytes(blob, comparison, try opened())
    }

    private static func bytes(
        _ blob: Revision, _ comparison: Comparison, _ handle: RepositoryHandle
    ) throws(GitError) -> [UInt8] {
        let id = ObjectID(blob)
        for plan in comparison.merged {
            if let bytes = plan.newBlob(id) { return bytes }
        }
        return try handle.database.read(id, as: .blob)
    }

    private static let comparisonLimit = 3

    /// What was found for one page may be asked for again for the next.
    struct Comparison {
        let from: ObjectID
        let to: ObjectID
        var changes: [HistoryChange] = []
        /// Those of the two states that no commit has.
        var merged: [PlannedTree] = []
    }
}

/// A state that is compared: a commit, or the served one with a proposal merged into it.
private struct ComparedState {
    /// What people see beside its name.
    let commit: ObjectID
    /// A tree that the repository has.
    let base: ObjectID
    /// What is on top of that.
    let merged: PlannedTree?

    var root: ObjectID { merged?.root ?? base }
}

extension TreeDifference {
    /// What several steps do one after another.
    fileprivate static func joined(_ steps: [[Change]]) -> [Change] {
        var byPath: [FilePath: Change] = [:]
        for change in steps.joined() {
            let path = FilePath(change.path)
            let old = byPath[path].map(\.old) ?? change.old
            byPath[path] = Change(path: change.path, old: old, new: change.new)
        }
        return byPath.values.filter { $0.old != $0.new }
    }
}
