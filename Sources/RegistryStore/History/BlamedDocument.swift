internal import Git
public import Registry

/// Who set each part of a document, when, and in which commit.
public struct BlamedDocument: Sendable {
    public let key: DocumentKey
    public let path: String
    /// The blob that was looked at.
    public let blob: Revision
    /// The fields or lines, each with its commit as a place in ``commits``; nil where the history
    /// that was looked at does not tell.
    public let parts: [(part: DocumentBlame.Part, commit: Int?)]
    /// The newest first.
    public let commits: [HistoryEntry]
    /// Whether all of the document and all of its history were looked at.
    public let isComplete: Bool
}

extension HistoryReader {
    /// Versions that are looked at, and the time for it.
    private static let versionLimit = 5_000
    private static let blameSeconds = 3.0

    func blame(_ key: DocumentKey, at tip: ObjectID, served: ObjectID) throws -> BlamedDocument {
        let handle = try opened()
        let tree = try handle.database.commit(tip).tree
        let places = DocumentPlaces(ofPath: FileLayout.path(for: key, depth: 0))
        guard let found = try places.place(in: tree, of: handle.database) else {
            throw RegistryError.unknown(key)
        }
        let bytes = try handle.database.read(found.file.id, as: .blob)
        var search = BlameSearch(path: found.path, bytes, Revision(found.file.id))
        var query = HistoryQuery(.document(key), limit: 100)
        query.tip = Revision(tip)
        let started = Clock.monotonicSeconds
        var versions = 0
        var isComplete = true
        while !search.isDone {
            let page = try page(query, served: served)
            for step in page.steps { try search.take(step, reader: self) }
            isComplete = isComplete && page.isComplete
            versions += page.steps.count
            guard let next = page.next, !search.isDone else { break }
            guard versions < Self.versionLimit,
                Clock.monotonicSeconds - started < Self.blameSeconds
            else {
                isComplete = false
                break
            }
            query.after = next
        }
        return search.result(key, Revision(found.file.id), isComplete: isComplete || search.isDone)
    }

    /// The document's content in a commit, wherever it is there.
    fileprivate func blob(_ path: String, in commit: Revision) throws -> Revision? {
        let handle = try opened()
        let tree = try handle.database.commit(ObjectID(commit)).tree
        return try DocumentPlaces(ofPath: path).file(in: tree, of: handle.database)
            .map { Revision($0.id) }
    }
}

/// Goes back through the versions of a document.
private struct BlameSearch {
    private let path: String
    private let whole: DocumentBlame
    /// What is still to be found, by the version that it is in; a merge has two before it.
    private var open: [Revision: DocumentBlame]
    private var commits: [HistoryEntry] = []
    private var found: [Int: Int] = [:]

    init(path: String, _ bytes: [UInt8], _ blob: Revision) {
        self.path = path
        whole = DocumentBlame(path: path, bytes: bytes)
        open = [blob: whole]
    }

    var isDone: Bool { open.isEmpty }

    mutating func take(_ step: HistoryStep, reader: isolated HistoryReader) throws {
        guard let change = step.changes.first, let new = change.new,
            var blame = open.removeValue(forKey: new)
        else { return }
        let before = blame
        var set = blame.stepBack(to: try reader.bytes(change.old))
        if let old = change.old { go(on: blame, in: old) }
        for parent in step.entry.parents.dropFirst() where !set.isEmpty {
            guard let theirs = try reader.blob(change.path, in: parent), theirs != change.old
            else { continue }
            var other = before
            other.keep(set)
            set = other.stepBack(to: try reader.bytes(theirs))
            go(on: other, in: theirs)
        }
        guard !set.isEmpty else { return }
        for part in set { found[part] = commits.count }
        commits.append(step.entry)
    }

    private mutating func go(on blame: DocumentBlame, in version: Revision) {
        if !blame.open.isEmpty { open[version] = blame }
    }

    func result(_ key: DocumentKey, _ blob: Revision, isComplete: Bool) -> BlamedDocument {
        BlamedDocument(
            key: key, path: path, blob: blob,
            parts: whole.parts.enumerated().map { ($1, found[$0]) }, commits: commits,
            isComplete: isComplete && !whole.isCut)
    }
}
