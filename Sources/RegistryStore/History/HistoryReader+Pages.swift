internal import Git
internal import Registry

extension HistoryReader {
    /// A page of the history up to `served`, or up to what the query says.
    func page(_ query: HistoryQuery, served: ObjectID) throws -> HistoryPage {
        var frontier = try frontier(of: query.tip.map { ObjectID($0) } ?? served)
        var search = HistorySearch(query)
        var page = HistoryPage()
        page.isComplete = !frontier.isCut
        let handle = try opened()
        var isBehind = query.after != nil
        for id in frontier.pending where search.steps.count <= query.limit {
            guard isBehind else {
                try search.look(at: id, handle.database.commit(id), handle.database)
                continue
            }
            try search.follow(id, handle.database)
            if let after = query.after, id == ObjectID(after) { isBehind = false }
        }
        search.top = frontier.top
        if isBehind, let after = query.after {
            let found = try index.read { try $0.find(ObjectID(after))?.seq }
            guard let found else { throw RegistryError.unknownRevision("\(after)") }
            frontier.top = min(frontier.top, found - 1)
        }
        let range = try range(of: query, upTo: frontier.top)
        if let range, search.steps.count <= query.limit {
            let found = try index.read { lookups in
                try lookups.steps(search, in: range, limit: query.limit + 1 - search.steps.count)
            }
            search.steps += found ?? []
        }
        page.steps = try search.steps.prefix(query.limit).map { try step($0) }
        if search.steps.count > query.limit { page.next = page.steps.last?.entry.revision }
        return page
    }

    /// The numbers that are asked for; nil for none.
    private func range(of query: HistoryQuery, upTo top: Int64) throws -> ClosedRange<Int64>? {
        var (first, last): (Int64, Int64) = (1, top)
        if let until = query.until {
            last = min(last, try index.read { try $0.seq(notAfter: until.wholeSeconds) } ?? 0)
        }
        if let since = query.since {
            let second = since.firstWholeSecond - 1
            first = (try index.read { try $0.seq(notAfter: second) } ?? 0) + 1
        }
        return first <= last ? first...last : nil
    }

    private func step(_ found: HistorySearch.Step) throws -> HistoryStep {
        if let changes = found.changes {
            return HistoryStep(
                entry: try entry(found.id),
                changes: Array(changes.prefix(HistoryStep.changeLimit)), changeCount: changes.count)
        }
        let named = try index.read { try $0.changes(of: found.id, limit: HistoryStep.changeLimit) }
        return HistoryStep(
            entry: try entry(found.id), changes: named?.list ?? [], changeCount: named?.count ?? 0)
    }
}

/// Looks for the commits that a query asks for.
struct HistorySearch {
    /// A commit that was found.
    struct Step {
        let id: ObjectID
        /// Nil where the index knows.
        var changes: [HistoryChange]?
    }

    let query: HistoryQuery
    var steps: [Step] = []
    /// The newest number of the whole history, of which a page may be a late part.
    var top: Int64 = 0
    /// What is followed, by the names that it had.
    private(set) var places: Set<HistoryPlace> = []

    init(_ query: HistoryQuery) {
        self.query = query
        if let place = query.subject.place { places = [place] }
    }

    /// Takes a commit that the index does not have, if it is asked for.
    mutating func look(
        at id: ObjectID, _ commit: Commit, _ database: borrowing ObjectDatabase
    ) throws {
        let changes = try wanted(database.historyChanges(database.changes(of: commit), of: commit))
        note(changes)
        guard isWanted(commit), query.subject == .everything || !changes.isEmpty else { return }
        steps.append(Step(id: id, changes: changes))
    }

    /// Follows a document through a commit that is not shown.
    mutating func follow(_ id: ObjectID, _ database: borrowing ObjectDatabase) throws {
        guard !places.isEmpty else { return }
        let commit = try database.commit(id)
        note(try wanted(database.historyChanges(database.changes(of: commit), of: commit)))
    }

    private mutating func note(_ changes: [HistoryChange]) {
        for change in changes where change.kind == .renamed {
            if !places.isEmpty, let other = change.other { places.insert(HistoryPlace(other)) }
        }
    }

    private func isWanted(_ commit: Commit) -> Bool {
        let seconds = commit.committer.seconds
        if let since = query.since, seconds < since.firstWholeSecond { return false }
        if let until = query.until, seconds > until.wholeSeconds { return false }
        guard let author = query.author else { return true }
        return commit.author.name.containsText(author) || commit.author.email.containsText(author)
    }

    private func wanted(_ changes: [HistoryChange]) -> [HistoryChange] {
        switch query.subject {
        case .everything: changes
        case .collection(let collection):
            changes.filter { $0.key?.collection == collection && $0.isListed }
        case .document, .file: changes.filter { places.contains($0.place) && $0.isListed }
        }
    }
}

extension String {
    /// Whether a text is a part of this one, whatever the case of its ASCII letters.
    func containsText(_ part: String) -> Bool {
        let (own, wanted) = (lowercasedBytes, part.lowercasedBytes)
        guard wanted.count <= own.count else { return false }
        return (0...(own.count - wanted.count)).contains { start in
            own[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }

    private var lowercasedBytes: [UInt8] {
        utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}

extension Timestamp {
    /// The second that this is in.
    var wholeSeconds: Int64 { Int64((Double(microseconds) / 1_000_000).rounded(.down)) }

    /// The first second that is not before this.
    var firstWholeSecond: Int64 { Int64((Double(microseconds) / 1_000_000).rounded(.up)) }
}
