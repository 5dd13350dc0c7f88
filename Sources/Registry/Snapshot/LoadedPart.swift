/// One file of a commit, as git holds it.
public typealias LoadedFile = (path: String, bytes: [UInt8], blob: Revision?)

/// Some of the files of a commit, read on one thread; a snapshot is made of several parts.
package struct LoadedPart: Sendable {
    private(set) var documents: [Collection: [StoredDocument]] = [:]
    /// How many of them are in each folder.
    private(set) var folderCounts: [FilePath: Int] = [:]
    /// Who names each document that is named.
    private(set) var naming: [DocumentKey: [StoredDocument]] = [:]
    /// What the Craton API's index takes of them.
    private(set) var craton: [(document: StoredDocument, part: CratonPart)] = []
    /// Files that go the long way: invalid ones, and those that are no documents.
    private(set) var rest: [LoadedFile] = []
    private let cache: DerivedCache

    /// - Parameter cache: the one of the snapshot that is to be made.
    package init(_ cache: DerivedCache) { self.cache = cache }

    package mutating func add(_ file: LoadedFile) {
        add(file, at: FileLayout.key(ofPath: file.path))
    }

    /// - Parameter place: what the layout says of the path.
    package mutating func add(_ file: LoadedFile, at place: FileLayout.Place) {
        guard case .document(let key) = place,
            let outline = DocumentOutline(key, bytes: file.bytes)
        else {
            rest.append(file)
            return
        }
        let stored = StoredDocument(
            key, file.bytes, file.blob ?? Revision(blobOf: file.bytes),
            creationDate: outline.creationDate, hasReferences: !outline.targets.isEmpty,
            in: folder(ofPath: file.path), cache: cache)
        documents[key.collection, default: []].append(stored)
        if let part = outline.craton { craton.append((stored, part)) }
        for target in outline.targets { naming[target, default: []].append(stored) }
    }

    /// Brings documents and those that name one into the order of their keys, at the end, on the
    /// thread that read them.
    package mutating func sort() {
        for collection in documents.keys { documents[collection]?.sort { $0.id < $1.id } }
        for target in naming.keys { naming[target]?.sort { $0.key < $1.key } }
    }

    /// Counts one more document of a folder.
    ///
    /// - Returns: its text, one for all of them.
    private mutating func folder(ofPath path: String) -> String {
        let folder = FilePath(FileLayout.folder(ofPath: path))
        folderCounts[folder, default: 0] += 1
        return folderCounts.index(forKey: folder).map { folderCounts[$0].key.text } ?? folder.text
    }
}
