internal import Git
internal import Registry

/// A document that a commit of the served line removed, or gave another uid.
struct Removal {
    let key: DocumentKey
    let commit: ObjectID
}

/// Where a page of removals ended: behind so many of one commit.
struct RemovalCursor: CustomStringConvertible {
    let commit: ObjectID
    let count: Int

    init(commit: ObjectID, count: Int) {
        self.commit = commit
        self.count = count
    }

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let commit = Revision(hex: String(parts[0])),
            let count = Int(parts[1])
        else { return nil }
        self.init(commit: ObjectID(commit), count: count)
    }

    var description: String { "\(commit)-\(count)" }
}

/// One page of the removals of what is gone, being gathered.
struct RemovalPage {
    private let collection: Collection?
    private let limit: Int
    private let served: Snapshot
    /// Where the page before ended.
    let start: RemovalCursor?
    /// Whether what comes now is at `start` or behind it.
    var isBegun: Bool
    private(set) var found: [Removal] = []
    /// What the next page is asked for with, while this one is not at the end of the history.
    private(set) var end: RemovalCursor?
    /// What newer commits than the present one removed, of those that the index does not have.
    var newer: Set<DocumentKey> = []
    private var looks = 0

    /// So many removals are looked at for one page at most.
    private static let lookLimit = 20_000

    init(in collection: Collection?, after start: RemovalCursor?, limit: Int, now served: Snapshot)
    {
        self.collection = collection
        self.start = start
        self.limit = limit
        self.served = served
        isBegun = start == nil
        end = start
    }

    /// Takes a removal that is asked for.
    ///
    /// - Parameters:
    ///   - count: how many of its commit there are up to this one.
    ///   - isNewest: whether no newer commit removed the document.
    /// - Returns: false when the page is full without this one.
    mutating func look(
        at removal: Removal, count: Int, isNewest: () throws -> Bool
    ) rethrows -> Bool {
        guard isBegun, start.map({ $0.commit != removal.commit || count > $0.count }) ?? true
        else { return true }
        looks += 1
        guard looks <= Self.lookLimit else { return false }
        let isWanted = collection == nil || collection == removal.key.collection
        let isGone = served[removal.key] == nil && !newer.contains(removal.key)
        if try isWanted && isGone && isNewest() {
            guard found.count < limit else { return false }
            found.append(removal)
        }
        end = RemovalCursor(commit: removal.commit, count: count)
        return true
    }
}

extension HistoryReader {
    /// What was removed up to the served commit and is gone, newest first.
    ///
    /// - Parameter cursor: where an earlier page ended.
    func deleted(
        in collection: Collection?, after cursor: String?, limit: Int, now served: Snapshot
    ) throws -> DeletedDocuments {
        guard let tip = served.commit else { throw RegistryError.nothingServed }
        let start = try cursor.map { text in
            guard let cursor = RemovalCursor(text) else {
                throw RegistryError.unknownRevision(text)
            }
            return cursor
        }
        var page = RemovalPage(in: collection, after: start, limit: limit, now: served)
        let fresh = try newLine(upTo: ObjectID(tip))
        for id in fresh.commits {
            if id == start?.commit { page.isBegun = true }
            let removals = try removals(of: id)
            for (place, removal) in removals.enumerated() {
                let isLeft = page.look(at: removal, count: place + 1) { true }
                guard isLeft else { return try documents(of: page, isLast: false) }
            }
            page.newer.formUnion(removals.map(\.key))
        }
        if fresh.isCut {
            // What was found is shown; the rest when the index is there.
            guard !page.found.isEmpty else { throw RegistryError.historyIsRead }
            return try documents(of: page, isLast: false)
        }
        let isLast = try index.read { lookups in try lookups.look(&page, upTo: fresh.top) }
        guard page.isBegun else { throw RegistryError.unknownRevision(cursor ?? "") }
        return try documents(of: page, isLast: isLast ?? true)
    }

    /// The newest commit of the served line that removed a document; nil where none has.
    func removal(of key: DocumentKey, now served: Snapshot) throws -> ObjectID? {
        guard let tip = served.commit else { throw RegistryError.nothingServed }
        let fresh = try newLine(upTo: ObjectID(tip))
        for id in fresh.commits {
            if try removals(of: id).contains(where: { $0.key == key }) { return id }
        }
        guard !fresh.isCut else { throw RegistryError.historyIsRead }
        return try index.read { try $0.removal(of: HistoryPlace(key), upTo: fresh.top) }
    }

    /// The commits of the line that the index lacks, newest first, and the number of the newest that
    /// it has.
    private func newLine(
        upTo tip: ObjectID
    ) throws -> (commits: [ObjectID], top: Int64, isCut: Bool) {
        var top: Int64 = 0
        let commits = try opened().repository.firstParents(of: tip, limit: walkLimit) { id in
            let found = try index.read { try $0.find(id) }
            if let found, found.line != nil { top = found.seq }
            return top == 0
        }
        return (commits, top, top == 0 && commits.count >= walkLimit)
    }

    private func removals(of id: ObjectID) throws -> [Removal] {
        let handle = try opened()
        let commit = try handle.database.commit(id)
        guard let parent = commit.parents.first, handle.database.contains(parent) else {
            return []
        }
        let changes = try handle.database.changes(of: commit)
        guard changes.contains(where: { $0.new == nil }) else { return [] }
        return try HistoryChange.list(changes, in: handle.database)
            .filter { [.removed, .renamedAway].contains($0.kind) }
            .compactMap { change in change.key.map { Removal(key: $0, commit: id) } }
            .sorted { $0.key < $1.key }
    }

    private func documents(of page: RemovalPage, isLast: Bool) throws -> DeletedDocuments {
        DeletedDocuments(
            documents: try page.found.map { removal in
                DeletedDocument(key: removal.key, commit: try entry(removal.commit))
            },
            next: isLast ? nil : page.end?.description)
    }
}

extension RegistryError {
    static let historyIsRead = RegistryError.busy(
        reason: "The history is being read; try again.")
}
