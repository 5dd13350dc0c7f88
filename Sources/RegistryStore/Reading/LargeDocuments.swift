internal import Git
internal import Registry
internal import Synchronization

/// Reads large documents when they are asked for: from the working tree where it holds them, else
/// from the object database.
final class LargeDocuments: DocumentSource {
    private let workingTree: WorkingTree
    private let handles = Mutex<[RepositoryHandle]>([])

    /// So many handles wait for the next reader.
    private static let handleLimit = 4

    init(_ workingTree: WorkingTree) { self.workingTree = workingTree }

    func bytes(of blob: Revision, at path: String) -> [UInt8]? {
        // Most probably the file holds it; a person may have changed it.
        if let bytes = try? workingTree.read(path), Revision(blobOf: bytes) == blob { return bytes }
        let kept = handles.withLock { handles in
            handles.removeAll(where: \.isOld)
            return handles.popLast()
        }
        guard let handle = kept ?? (try? RepositoryHandle(workingTree.places.gitDirectory)) else {
            return nil
        }
        defer {
            handles.withLock { if $0.count < Self.handleLimit { $0.append(handle) } }
        }
        return try? handle.database.read(ObjectID(blob), as: .blob)
    }
}
