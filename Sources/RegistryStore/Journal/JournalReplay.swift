internal import Git

/// What a journal promises, once its objects are stored again.
struct JournalReplay: Sendable {
    /// Where the newest record leads; nil where there is none.
    let tip: ObjectID?
    /// Where records begin: a branch that stands there was cut off between flush and move.
    let begun: Set<ObjectID?>

    /// Stores again what the repository may have lost.
    ///
    /// - Parameter settled: the segments before this one were flushed with all that they promise;
    ///   only objects that are gone matter there.
    init(
        of records: [(segment: Int, record: JournalRecord)], settledBefore settled: Int,
        into repository: borrowing Repository
    ) throws(GitError) {
        let database = try ObjectDatabase(of: repository)
        for (segment, record) in records {
            for part in record.objects where segment >= settled || !database.contains(part.id) {
                try Self.restore(Self.object(part, in: database), in: database, of: repository)
            }
        }
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
        var count = 0
        for record in records {
            for part in record.objects where !database.contains(part.id) {
                try restore(object(part, in: database), in: database, of: repository)
                count += 1
            }
        }
        return count
    }

    /// The object of one part. What it changes was restored before it, or is older than the
    /// journal and flushed.
    private static func object(
        _ part: JournalRecord.Part, in database: borrowing ObjectDatabase
    ) throws(GitError) -> GitObject {
        guard let change = part.change else { return GitObject(part.kind, Array(part.content)) }
        let base = try database.read(change.base, as: part.kind)
        guard let bytes = change.applied(to: base, middle: part.content) else {
            throw GitError(
                code: .invalid, function: "JournalReplay",
                message: "the journal changes \(change.base) beyond its end")
        }
        return GitObject(part.kind, bytes)
    }

    private static func restore(
        _ object: GitObject, in database: borrowing ObjectDatabase,
        of repository: borrowing Repository
    ) throws(GitError) {
        if let stored = try? database.read(object.id), stored.bytes == object.bytes { return }
        // A torn loose object counts as present and would not be written over.
        let name = "\(object.id)"
        let folder = "\(repository.commonDirectory)objects/\(name.prefix(2))"
        do throws(FileError) {
            try FileSystem.remove("\(folder)/\(name.dropFirst(2))")
        } catch {
            throw GitError(error)
        }
        try database.refresh()
        try database.write(object)
    }
}
