internal import Git
internal import Registry
internal import Synchronization

/// Reads large documents when they are asked for: from the working tree where it holds them, else
/// from the object database.
final class LargeDocuments: DocumentSource {
    private let places: StorePlaces
    private let handles = Mutex<[Handle]>([])

    /// So many handles wait for the next reader.
    private static let handleLimit = 4

    // Taken out of the pool, a handle is one reader's until it is put back.
    private final class Handle: @unchecked Sendable {
        let repository: Repository
        let database: ObjectDatabase

        init(_ path: String) throws(GitError) {
            let repository = try Repository(opening: path)
            database = try ObjectDatabase(of: repository)
            self.repository = repository
        }
    }

    init(places: StorePlaces) { self.places = places }

    func bytes(of blob: Revision, at path: String) -> [UInt8]? {
        // Most probably the file holds it; a person may have changed it.
        if let bytes = try? WorkingTree(places: places).read(path), Revision(blobOf: bytes) == blob
        {
            return bytes
        }
        guard let handle = handles.withLock({ $0.popLast() }) ?? (try? Handle(places.gitDirectory))
        else { return nil }
        defer {
            handles.withLock { if $0.count < Self.handleLimit { $0.append(handle) } }
        }
        return try? handle.database.read(ObjectID(blob), as: .blob)
    }
}
