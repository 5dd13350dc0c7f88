/// One file of a commit, as git holds it.
public typealias LoadedFile = (path: String, bytes: [UInt8], blob: Revision?)

/// Some of the files of a commit, read on one thread; a snapshot is made of several parts.
package struct LoadedPart: Sendable {
    private(set) var documents: [StoredDocument] = []
    /// What those name that name others.
    private(set) var targets: [(document: StoredDocument, targets: Set<DocumentKey>)] = []
    /// What the Craton API's index takes of them.
    private(set) var craton: [(document: StoredDocument, part: CratonPart)] = []
    /// Files that go the long way: invalid ones, and those that are no documents.
    private(set) var rest: [LoadedFile] = []
    private var folders: [FilePath: String] = [:]
    private let cache: DerivedCache

    /// - Parameter cache: the one of the snapshot that is to be made.
    package init(_ cache: DerivedCache) { self.cache = cache }

    package mutating func add(_ file: LoadedFile) {
        guard case .document(let key) = FileLayout.key(ofPath: file.path),
            let document = try? PreparedDocument(key, bytes: file.bytes, blob: file.blob)
        else {
            rest.append(file)
            return
        }
        let stored = StoredDocument(document, in: folder(ofPath: file.path), cache: cache)
        documents.append(stored)
        if let part = CratonPart(document.content) { craton.append((stored, part)) }
        if stored.hasReferences {
            targets.append((stored, Set(document.content.references.lazy.map(\.target))))
        }
    }

    /// One text for all documents of a folder.
    private mutating func folder(ofPath path: String) -> String {
        let folder = FileLayout.folder(ofPath: path)
        if let shared = folders[FilePath(folder)] { return shared }
        folders[FilePath(folder)] = folder
        return folder
    }
}
