internal import Git

/// One move of the served branch, with every object that it needs.
///
/// On disk: the length of the payload (8 bytes, big-endian), the payload's name as a git blob (20
/// bytes, so a torn record shows), the payload: old tip, new tip, then each object as kind (1 byte),
/// length (8 bytes) and content.
struct JournalRecord: Sendable {
    /// ``ObjectID/zero`` when the branch had no commit.
    let from: ObjectID
    let to: ObjectID
    let objects: [GitObject]

    func encoded() throws(GitError) -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(objects.reduce(64) { $0 + $1.bytes.count + 16 })
        from.append(to: &payload)
        to.append(to: &payload)
        for object in objects {
            payload.append(object.kind.rawValue)
            payload.append(number: object.bytes.count)
            payload.append(contentsOf: object.bytes)
        }
        var record: [UInt8] = []
        record.reserveCapacity(payload.count + 28)
        record.append(number: payload.count)
        try GitObject(.blob, payload).id.append(to: &record)
        record.append(contentsOf: payload)
        return record
    }

    /// Takes the record at the start of `bytes`; nil where there is no complete one.
    init?(decoding bytes: inout ArraySlice<UInt8>) {
        var rest = bytes
        guard let length = rest.takeNumber(), length >= 40, let name = rest.takeID(),
            length <= rest.count
        else { return nil }
        var payload = rest.prefix(length)
        guard let check = try? GitObject(.blob, Array(payload)), check.id == name,
            let from = payload.takeID(), let to = payload.takeID()
        else { return nil }
        var objects: [GitObject] = []
        while let tag = payload.popFirst() {
            guard let kind = ObjectKind(rawValue: tag), let size = payload.takeNumber(),
                size <= payload.count,
                let object = try? GitObject(kind, Array(payload.prefix(size)))
            else { return nil }
            payload = payload.dropFirst(size)
            objects.append(object)
        }
        self.init(from: from, to: to, objects: objects)
        bytes = rest.dropFirst(length)
    }

    init(from: ObjectID, to: ObjectID, objects: [GitObject]) {
        self.from = from
        self.to = to
        self.objects = objects
    }
}

/// What a journal promises, once its objects are stored again.
struct JournalSummary: Sendable {
    /// Where the newest record leads; nil where there is none.
    let tip: ObjectID?
    /// Where records begin: a branch that stands there was cut off between flush and move.
    let begun: Set<ObjectID?>

    /// Stores every object of the records that cannot be read.
    init(
        replaying records: [JournalRecord], into repository: borrowing Repository
    ) throws(GitError) {
        let database = try ObjectDatabase(of: repository)
        for record in records {
            for object in record.objects {
                try Self.restore(object, in: database, of: repository)
            }
        }
        tip = records.last?.to
        begun = Set(records.map { $0.from == .zero ? nil : $0.from })
    }

    private static func restore(
        _ object: GitObject, in database: borrowing ObjectDatabase,
        of repository: borrowing Repository
    ) throws(GitError) {
        if let stored = try? database.read(object.id), stored.bytes == object.bytes { return }
        // A torn loose object counts as present for libgit2 and would not be written over.
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

extension [UInt8] {
    fileprivate mutating func append(number: Int) {
        Swift.withUnsafeBytes(of: UInt64(clamping: number).bigEndian) { append(contentsOf: $0) }
    }
}

extension ArraySlice<UInt8> {
    /// Takes 8 bytes, a number that fits into `Int`.
    fileprivate mutating func takeNumber() -> Int? {
        guard count >= 8 else { return nil }
        let value = prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self = dropFirst(8)
        return Int(exactly: value)
    }

    fileprivate mutating func takeID() -> ObjectID? {
        guard count >= 20, let id = ObjectID(raw: Array(prefix(20))) else { return nil }
        self = dropFirst(20)
        return id
    }
}
