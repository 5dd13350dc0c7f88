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
        return try RegistryStore.commit(name, upTo: served, index, opened())
    }

    func compare(
        _ query: ComparisonQuery, _ from: ObjectID, _ to: ObjectID
    ) throws -> RevisionComparison {
        var changes = try changes(from: from, to: to)
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
            from: .init(name: query.from, entry: try entry(from)),
            to: .init(name: query.to, entry: try entry(to)), counts: counts, changes: shown,
            differences: try shown.map { try difference(of: $0) },
            next: isAll ? nil : shown.last?.path)
    }

    func difference(of change: HistoryChange) throws -> DocumentDifference {
        DocumentDifference(
            path: change.path, old: try bytes(change.old), new: try bytes(change.new))
    }

    /// By path; of the last few comparisons it is known.
    private func changes(from: ObjectID, to: ObjectID) throws -> [HistoryChange] {
        if let known = comparisons.first(where: { $0.from == from && $0.to == to }) {
            return known.changes
        }
        let handle = try opened()
        let trees = (try handle.database.commit(from).tree, try handle.database.commit(to).tree)
        let difference = try TreeDifference(from: trees.0, to: trees.1, in: handle.database)
        let changes = try HistoryChange.list(difference.changes, in: handle.database)
        comparisons.append(Comparison(from: from, to: to, changes: changes))
        if comparisons.count > Self.comparisonLimit { comparisons.removeFirst() }
        return changes
    }

    private static let comparisonLimit = 3

    /// What was found for one page may be asked for again for the next.
    struct Comparison {
        let from: ObjectID
        let to: ObjectID
        let changes: [HistoryChange]
    }
}
