internal import Git
internal import Registry

/// The removals of documents on the served line, newest first, as far as somebody has looked.
struct RemovalLog {
    struct Removal {
        let key: DocumentKey
        let commit: ObjectID
    }

    private(set) var removals: [Removal] = []
    /// The tip at which it begins.
    private var newest: ObjectID?
    /// The commit to go on with; nil at the end of the line.
    private(set) var rest: ObjectID?

    /// Takes in the commits up to a new tip.
    ///
    /// A tip that does not soon lead to the old one begins the log anew.
    mutating func advance(to tip: ObjectID, in handle: RepositoryHandle) throws(GitError) {
        guard tip != newest else { return }
        var new: [Removal] = []
        var next: ObjectID? = tip
        var count = 0
        while let id = next, id != newest {
            count += 1
            guard newest != nil, count <= 2_000 else {
                self = RemovalLog()
                (newest, rest) = (tip, tip)
                return
            }
            next = try Self.read(id, into: &new, handle)
        }
        // Only a line that ends without the old tip has none of it.
        if next == nil { (removals, rest) = ([], nil) }
        removals = new + removals
        newest = tip
    }

    /// Reads one more commit.
    mutating func readOn(in handle: RepositoryHandle) throws(GitError) {
        guard let id = rest else { return }
        rest = try Self.read(id, into: &removals, handle)
    }

    /// - Returns: the first parent.
    private static func read(
        _ id: ObjectID, into removals: inout [Removal], _ handle: RepositoryHandle
    ) throws(GitError) -> ObjectID? {
        let commit = try handle.database.commit(id)
        guard let parent = commit.parents.first, handle.database.contains(parent) else {
            return nil
        }
        var keys: Set<DocumentKey> = []
        for change in try handle.database.changes(of: commit) where change.new == nil {
            if case .document(let key) = FileLayout.key(ofPath: change.path) { keys.insert(key) }
        }
        removals += keys.sorted().map { Removal(key: $0, commit: id) }
        return parent
    }
}

/// One page of the removals of what is gone, being gathered.
private struct RemovalPage {
    let collection: Collection?
    let limit: Int
    let served: Snapshot
    /// Where the page before ended; nil once that place is passed.
    var cursor: String?
    var found: [RemovalLog.Removal] = []
    private var seen: Set<DocumentKey> = []

    init(of collection: Collection?, after cursor: String?, limit: Int, now served: Snapshot) {
        self.collection = collection
        self.cursor = cursor
        self.limit = limit
        self.served = served
    }

    /// - Returns: false when the page is full without this one.
    mutating func add(_ removal: RemovalLog.Removal) -> Bool {
        let isNewest = seen.insert(removal.key).inserted
        guard cursor == nil else {
            if Self.cursor(removal) == cursor { cursor = nil }
            return true
        }
        guard isNewest, served[removal.key] == nil,
            collection == nil || collection == removal.key.collection
        else { return true }
        guard found.count < limit else { return false }
        found.append(removal)
        return true
    }

    var end: String? { found.last.map(Self.cursor) }

    private static func cursor(_ removal: RemovalLog.Removal) -> String {
        "\(removal.commit)/\(removal.key)"
    }
}

extension SnapshotReader {
    /// How many commits are read for one page at most, and on the way to where it begins.
    private static let removalSteps = 2_000
    private static let cursorSteps = 20_000

    /// What was removed up to the served commit and is gone, newest first.
    ///
    /// - Parameters:
    ///   - collection: only documents of this one.
    ///   - cursor: where an earlier page ended.
    func deleted(
        in collection: Collection?, after cursor: String?, limit: Int, now served: Snapshot
    ) throws -> DeletedDocuments {
        guard let tip = served.commit else { throw RegistryError.nothingServed }
        let handle = try opened()
        try removals.advance(to: ObjectID(tip), in: handle)
        var page = RemovalPage(of: collection, after: cursor, limit: limit, now: served)
        var steps = 0
        var place = 0
        while true {
            while place < removals.removals.count {
                guard page.add(removals.removals[place]) else {
                    return try documents(of: page, next: page.end, handle)
                }
                place += 1
            }
            guard let rest = removals.rest else {
                if let unknown = page.cursor { throw RegistryError.unknownRevision(unknown) }
                return try documents(of: page, next: nil, handle)
            }
            if page.cursor == "\(rest)" { page.cursor = nil }
            if page.cursor == nil, steps >= Self.removalSteps {
                return try documents(of: page, next: "\(rest)", handle)
            }
            // What was read is kept, so who tries again gets further.
            if steps >= Self.cursorSteps {
                throw RegistryError.busy(reason: "The history is being read; try again.")
            }
            steps += 1
            try removals.readOn(in: handle)
        }
    }

    /// The newest commit of the served line that removed a document; nil where none has.
    func removal(of key: DocumentKey, now served: Snapshot) throws -> ObjectID? {
        guard let tip = served.commit else { throw RegistryError.nothingServed }
        let handle = try opened()
        try removals.advance(to: ObjectID(tip), in: handle)
        var place = 0
        for _ in 0..<Self.cursorSteps {
            let found = removals.removals[place...].first { $0.key == key }
            if let found { return found.commit }
            guard removals.rest != nil else { return nil }
            place = removals.removals.count
            try removals.readOn(in: handle)
        }
        throw RegistryError.busy(reason: "The history is being read; try again.")
    }

    private func documents(
        of page: RemovalPage, next: String?, _ handle: RepositoryHandle
    ) throws -> DeletedDocuments {
        let documents = try page.found.map { removal in
            DeletedDocument(
                key: removal.key,
                commit: HistoryEntry(
                    removal.commit, try handle.database.commit(removal.commit)))
        }
        return DeletedDocuments(documents: documents, next: next)
    }
}
