internal import Git

/// What a journal promises, once its objects are stored again.
struct JournalReplay: Sendable {
    /// Where the newest record leads; nil where there is none.
    let tip: ObjectID?
    /// Where records begin: a branch that stands there was cut off between flush and move.
    let begun: Set<ObjectID?>

    /// Stores again what the repository has lost.
    ///
    /// - Parameter settled: the segments before this one were flushed with all that they promise.
    init(
        of records: [(segment: Int, record: JournalRecord)], settledBefore settled: Int,
        into repository: borrowing Repository
    ) throws(GitError) {
        _ = try Self.restoreMissing(of: records.map(\.record), into: repository)
        let open = records.filter { $0.segment >= settled }.map(\.record)
        tip = open.last?.to
        begun = Set(open.map { $0.from == .zero ? nil : $0.from })
    }

    /// Stores those objects again that are gone.
    ///
    /// - Returns: how many there were.
    static func restoreMissing(
        of records: [JournalRecord], into repository: borrowing Repository
    ) throws(GitError) -> Int {
        let database = try ObjectDatabase(of: repository)
        var restoration = Restoration(into: PackFolder(of: repository))
        for record in records {
            for part in record.objects where !database.contains(part.id) {
                try restoration.add(part, in: database)
            }
        }
        try restoration.finish()
        return restoration.count
    }
}

/// Objects on their way back into the repository, many to a pack.
private struct Restoration {
    private let folder: PackFolder
    private var builder = PackBuilder()
    /// What the pack being made holds.
    private var made: [ObjectID: GitObject] = [:]
    private var bytes = 0
    private(set) var count = 0

    /// Content of one pack, which is in memory.
    private static let packBytes = 32 << 20

    init(into folder: PackFolder) { self.folder = folder }

    mutating func add(
        _ part: JournalRecord.Part, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard made[part.id] == nil else { return }
        let object = try object(part, in: database)
        guard object.id == part.id else {
            throw GitError(
                code: .invalid, function: "JournalReplay",
                message: "the journal does not give \(part.id)")
        }
        builder.add(NewObject(object, change: part.change))
        made[object.id] = object
        bytes += object.bytes.count
        count += 1
        if bytes > Self.packBytes {
            try finish()
            try database.refresh()
        }
    }

    /// Stores what has gathered, flushed.
    mutating func finish() throws(GitError) {
        guard !builder.isEmpty else { return }
        do throws(FileError) {
            _ = try folder.add(builder.finish(), isKept: false, flush: true)
        } catch {
            throw GitError(error)
        }
        builder = PackBuilder()
        made = [:]
        bytes = 0
    }

    /// The object of one part. What it changes was restored before it, or is older than the
    /// journal and flushed.
    private func object(
        _ part: JournalRecord.Part, in database: borrowing ObjectDatabase
    ) throws(GitError) -> GitObject {
        guard let change = part.change else { return GitObject(part.kind, Array(part.content)) }
        let base: [UInt8]
        if let known = made[change.base] {
            base = known.bytes
        } else {
            base = try database.read(change.base, as: part.kind)
        }
        guard let bytes = change.applied(to: base, middle: part.content) else {
            throw GitError(
                code: .invalid, function: "JournalReplay",
                message: "the journal changes \(change.base) beyond its end")
        }
        return GitObject(part.kind, bytes)
    }
}
