internal import Git
internal import JSON
public import Registry

/// What one commit did to one document or other file, against its first parent.
public struct HistoryChange: Hashable, Sendable {
    public enum Kind: Int, Hashable, Sendable, CaseIterable {
        case added, changed, removed
        /// The file went to another folder and says the same.
        case moved
        /// The document had another uid before.
        case renamed
        /// The document has another uid from now on.
        case renamedAway

        /// `added`, `renamed away`.
        public var text: String { self == .renamedAway ? "renamed away" : "\(self)" }
    }

    public let kind: Kind
    /// Where the file is after the commit, or was before it where it is gone.
    public let path: String
    /// The document; nil for another file.
    public let key: DocumentKey?
    /// The uid before, or from now on.
    public let other: DocumentKey?
    /// The blobs before and after; nil for no file.
    public let old: Revision?
    public let new: Revision?
    /// Whether a merge took it as it is from another of its parents.
    let isTaken: Bool

    /// Whether the histories of the document and of its collection show it.
    var isListed: Bool { !isTaken && kind != .moved }

    var place: HistoryPlace { key.map { HistoryPlace($0) } ?? HistoryPlace(path: path) }
}

extension HistoryChange {
    /// What changed by document, from what changed by path.
    static func list(
        _ changes: [TreeDifference.Change], in database: borrowing ObjectDatabase
    ) throws(GitError) -> [HistoryChange] {
        try list(changes) { blob throws(GitError) in try database.read(ObjectID(blob), as: .blob) }
    }

    /// The same where not every blob is in the repository.
    ///
    /// - Parameter read: gives the bytes of a blob.
    static func list(
        _ changes: [TreeDifference.Change], reading read: BlobReader
    ) throws(GitError) -> [HistoryChange] {
        var byPlace: [HistoryPlace: [TreeDifference.Change]] = [:]
        for change in changes {
            byPlace[HistoryPlace(path: change.path), default: []].append(change)
        }
        var list: [HistoryChange] = []
        for (place, changes) in byPlace { list.append(HistoryChange(place, changes)) }
        try findRenames(in: &list, read)
        return list.sorted { FilePath($0.path) < FilePath($1.path) }
    }

    private init(_ place: HistoryPlace, _ changes: [TreeDifference.Change]) {
        let gone = changes.first { $0.old != nil && $0.new == nil }
        let made = changes.first { $0.new != nil }
        let old = made?.old ?? gone?.old
        kind =
            switch (old, made?.new) {
            case (nil, _): .added
            case (_, nil): .removed
            case (let old?, let new?):
                old == new || old.id == new.id && changes.count > 1 ? .moved : .changed
            }
        path = made?.path ?? gone?.path ?? place.usualPath
        key = place.key
        other = nil
        self.old = old.map { Revision($0.id) }
        new = made?.new.map { Revision($0.id) }
        isTaken = false
    }

    func renamed(_ kind: Kind, _ other: DocumentKey?, old: Revision?) -> HistoryChange {
        HistoryChange(
            kind: kind, path: path, key: key, other: other, old: old, new: new, isTaken: isTaken)
    }

    var taken: HistoryChange {
        HistoryChange(
            kind: kind, path: path, key: key, other: other, old: old, new: new, isTaken: true)
    }

    /// More documents of one collection that went and came in one commit are not compared.
    private static let renameLimit = 100

    typealias BlobReader = (Revision) throws(GitError) -> [UInt8]

    private static func findRenames(
        in list: inout [HistoryChange], _ read: BlobReader
    ) throws(GitError) {
        var gone: [Registry.Collection: [Int]] = [:]
        var made: [Registry.Collection: [Int]] = [:]
        for (place, change) in list.enumerated() {
            guard let collection = change.key?.collection else { continue }
            if change.kind == .removed { gone[collection, default: []].append(place) }
            if change.kind == .added { made[collection, default: []].append(place) }
        }
        for (collection, newPlaces) in made {
            guard var oldPlaces = gone[collection], oldPlaces.count <= renameLimit,
                newPlaces.count <= renameLimit
            else { continue }
            for newPlace in newPlaces {
                let new = try Likeness(list[newPlace].new, read)
                var best: (index: Int, likeness: Double)?
                for (index, oldPlace) in oldPlaces.enumerated() {
                    let likeness = new.likeness(to: try Likeness(list[oldPlace].old, read))
                    if likeness >= 0.5, likeness > best?.likeness ?? 0 { best = (index, likeness) }
                }
                guard let best else { continue }
                let oldPlace = oldPlaces.remove(at: best.index)
                let (gone, made) = (list[oldPlace], list[newPlace])
                list[newPlace] = made.renamed(.renamed, gone.key, old: gone.old)
                list[oldPlace] = gone.renamed(.renamedAway, made.key, old: gone.old)
            }
        }
    }
}

/// How much two documents have in common, to tell a rename from a removal beside a new one.
private struct Likeness {
    private let blob: Revision?
    private let members: [JSONString: JSONValue]?

    init(_ blob: Revision?, _ read: HistoryChange.BlobReader) throws(GitError) {
        self.blob = blob
        guard let blob else {
            members = nil
            return
        }
        let bytes = try read(blob)
        let object = (try? JSONValue(parsing: bytes, options: .document))?.object
        members = object.map { object in
            Dictionary(object.map { ($0.0, $0.1) }) { first, _ in first }
        }
    }

    /// From 0 to 1; the time at which a document was made says most.
    func likeness(to other: Likeness) -> Double {
        if blob != nil, blob == other.blob { return 1 }
        guard var members, var others = other.members else { return 0 }
        for name in ["creation_date", "created_at"] as [JSONString] {
            if let time = members[name], let theirs = others[name] {
                return time == theirs ? 0.9 : 0
            }
        }
        for name in ["uid", "name"] as [JSONString] {
            members[name] = nil
            others[name] = nil
        }
        let names = Set(members.keys).union(others.keys)
        guard !names.isEmpty else { return 0 }
        let same = names.count { members[$0] != nil && members[$0] == others[$0] }
        return Double(same) / Double(names.count)
    }
}
