/// What an import takes, and what it leaves out and why.
public struct ImportReport: Sendable {
    /// One object that is left out, or a part of one.
    public struct Note: Hashable, Sendable, CustomStringConvertible {
        /// As the dump names it, `hosts 12 (web-1)`.
        public let what: String
        public let reason: String

        public var description: String { "\(what): \(reason)" }
    }

    /// The keys of users, which are no part of any document.
    public internal(set) var keys: [(user: DocumentID, key: String)] = []
    public internal(set) var notes: [Note] = []
    private(set) var counts: [Collection: Int] = [:]

    /// How many documents each collection gets, by name.
    public var taken: [(collection: String, documents: Int)] {
        counts.map { ($0.key.name, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// How many documents there are in all.
    public var count: Int { counts.values.reduce(0, +) }

    mutating func take(_ key: DocumentKey) { counts[key.collection, default: 0] += 1 }

    mutating func leave(_ what: String, _ reason: String) {
        notes.append(Note(what: what, reason: reason))
    }
}

/// The documents that an import writes, and its report.
struct ImportDraft {
    let snapshot: Snapshot
    private(set) var changes: [Change] = []
    var report = ImportReport()
    private var written: Set<DocumentKey> = []

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    func isTaken(_ key: DocumentKey) -> Bool { snapshot[key] != nil || written.contains(key) }

    /// Whether this import writes it.
    func writes(_ key: DocumentKey) -> Bool { written.contains(key) }

    /// Takes a document, or notes why it is none.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    mutating func put(_ key: DocumentKey, _ bytes: [UInt8], of what: String) -> Bool {
        guard !isTaken(key) else {
            report.leave(what, "\(key) exists already")
            return false
        }
        do throws(InvalidDocument) {
            changes.append(.put(try PreparedDocument(key, bytes: bytes)))
        } catch {
            report.leave(what, "\(error)")
            return false
        }
        written.insert(key)
        report.take(key)
        return true
    }

    /// The name as uid where that is free, else the name and a mark that follows from `seed`.
    func freeID(_ wanted: String, in collection: Collection, seed: String) -> DocumentID {
        if let id = DocumentID(wanted), !isTaken(DocumentKey(collection, id)) { return id }
        var text = String.UnicodeScalarView()
        for scalar in wanted.unicodeScalars.prefix(150) {
            text.append(scalar.isControl ? "_" : scalar)
        }
        let mark = Revision(blobOf: Array(seed.utf8)).description.prefix(8)
        var count = 1
        while true {
            let more = count == 1 ? "" : ".\(count)"
            if let id = DocumentID("\(String(text)).\(mark)\(more)"),
                !isTaken(DocumentKey(collection, id))
            {
                return id
            }
            count += 1
        }
    }
}
