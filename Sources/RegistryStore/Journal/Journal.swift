internal import Git
internal import Glibc

/// The promises that were made but that the repository itself may not hold yet after a power cut.
///
/// git's objects and references are written without a flush each; one record here, flushed once,
/// covers a whole batch. The file systems are flushed now and then (a checkpoint), and older
/// records are dropped.
struct Journal: ~Copyable {
    private let folder: String
    private var segment: Segment

    /// Bytes that are written but not yet covered by a checkpoint.
    private(set) var pendingBytes = 0

    private struct Segment {
        let number: Int
        let path: String
        let descriptor: Int32
        var length: Int
    }

    /// Begins a new segment after those that `folder` holds.
    init(in folder: String) throws(FileError) {
        self.folder = folder
        try FileSystem.makeFolder(folder, permissions: 0o700)
        let last = Self.segments(in: folder).last?.number ?? 0
        segment = try Self.begin(last + 1, in: folder)
    }

    deinit { close(segment.descriptor) }

    /// Adds a record and flushes it. What was there stays as it was when this throws.
    ///
    /// - Throws: ``JournalError/flush(_:)`` when nobody knows what the disk holds now.
    mutating func append(_ record: JournalRecord) throws(JournalError) {
        let bytes = record.encoded()
        do {
            try FileSystem.write(bytes, to: segment.descriptor, segment.path)
        } catch {
            try takeBack()
            throw .write(error)
        }
        guard fdatasync(segment.descriptor) == 0 else {
            throw .flush(FileError("flush \(segment.path)"))
        }
        segment.length += bytes.count
        pendingBytes += bytes.count
    }

    /// Removes the newest record, whose batch did not happen after all.
    mutating func withdraw(_ record: JournalRecord) throws(JournalError) {
        let size = record.encoded().count
        segment.length -= size
        pendingBytes -= size
        try takeBack()
        guard fdatasync(segment.descriptor) == 0 else {
            throw .flush(FileError("flush \(segment.path)"))
        }
    }

    private func takeBack() throws(JournalError) {
        guard ftruncate(segment.descriptor, off_t(segment.length)) == 0,
            lseek(segment.descriptor, off_t(segment.length), SEEK_SET) >= 0
        else { throw .flush(FileError("shorten \(segment.path)")) }
    }

    /// Begins a new segment, so that those before it can be dropped after a checkpoint.
    ///
    /// - Returns: the number of the new segment.
    mutating func rotate() throws(FileError) -> Int {
        let next = try Self.begin(segment.number + 1, in: folder)
        close(segment.descriptor)
        segment = next
        pendingBytes = 0
        return next.number
    }

    /// How long before a flush of the file systems a segment must have been complete to be dropped.
    ///
    /// Packs that hold what is younger than half of it are joined unflushed, so the flush that a
    /// segment is dropped after has always covered the pack that holds its objects.
    static let retentionSeconds = 20

    /// Removes the segments before `number` that were complete some seconds before `flushed`.
    ///
    /// - Parameters:
    ///   - flushed: when the flush of the file systems began, in seconds since 1970.
    ///   - isSettled: tells whether the repository holds all that a segment promises. A person's
    ///     `git gc --prune=now` may have taken objects whose branch had not moved yet.
    static func drop(
        before number: Int, flushedAt flushed: Int64, in folder: String,
        if isSettled: ([JournalRecord]) throws -> Bool
    ) throws {
        for segment in segments(in: folder) where segment.number < number {
            guard let facts = FileFacts(at: segment.path),
                Int(flushed) - facts.modified.seconds >= retentionSeconds,
                try isSettled(records(of: segment.path))
            else { return }
            try FileSystem.remove(segment.path)
        }
    }

    /// Every complete record, oldest first, with the number of its segment. A segment's torn end
    /// is passed over.
    static func records(
        in folder: String
    ) throws(FileError) -> [(segment: Int, record: JournalRecord)] {
        var records: [(segment: Int, record: JournalRecord)] = []
        for segment in segments(in: folder) {
            records += try Self.records(of: segment.path).map { (segment.number, $0) }
        }
        return records
    }

    private static func records(of path: String) throws(FileError) -> [JournalRecord] {
        guard let bytes = try FileSystem.read(path) else { return [] }
        var records: [JournalRecord] = []
        var rest = bytes[...]
        while let record = JournalRecord(decoding: &rest) { records.append(record) }
        return records
    }

    private static func begin(_ number: Int, in folder: String) throws(FileError) -> Segment {
        let path = "\(folder)/\(number).journal"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw FileError("create \(path)") }
        do throws(FileError) {
            // The new name has to survive as well as what is written under it.
            try FileSystem.flush(folder: folder)
        } catch {
            close(descriptor)
            throw error
        }
        return Segment(number: number, path: path, descriptor: descriptor, length: 0)
    }

    private static func segments(in folder: String) -> [(number: Int, path: String)] {
        let names = FileSystem.names(in: folder) ?? []
        return names.compactMap { name -> (number: Int, path: String)? in
            guard name.hasSuffix(".journal"), let number = Int(name.dropLast(8)) else { return nil }
            return (number, "\(folder)/\(name)")
        }.sorted { $0.number < $1.number }
    }
}

enum JournalError: Error {
    /// Nothing was written; the journal is as it was.
    case write(FileError)
    /// Nobody knows what is on the disk: the server must not write any more.
    case flush(FileError)
}
