internal import Synchronization

/// A document at its place.
///
/// Small, because a registry holds a million of them: what can be had from the bytes again
/// (content, path, rendered text) is made when it is asked for.
public final class StoredDocument: Sendable {
    public let id: DocumentID
    /// The bytes of the file.
    public let bytes: [UInt8]
    /// What git calls these bytes.
    public let blob: Revision
    public let collection: Collection
    /// Whether the file at ``path`` is invalid now, and this is the last version that was not.
    public let isLastGood: Bool
    /// Whether it names other documents.
    let hasReferences: Bool
    /// When it was created, if it says so.
    public let creationDate: Timestamp?
    /// The folder of its file; documents of one folder share its text.
    let folder: String
    private let cache: DerivedCache
    /// What it says, where that is kept.
    private let decoded = Mutex<(any Document)?>(nil)

    init(
        _ key: DocumentKey, bytes: [UInt8], blob: Revision, creationDate: Timestamp?,
        hasReferences: Bool, folder: String, isLastGood: Bool = false, cache: DerivedCache
    ) {
        id = key.id
        collection = key.collection
        self.bytes = bytes
        self.blob = blob
        self.creationDate = creationDate
        self.hasReferences = hasReferences
        self.folder = folder
        self.isLastGood = isLastGood
        self.cache = cache
    }

    convenience init(_ document: PreparedDocument, in folder: String, cache: DerivedCache) {
        self.init(
            document.key, bytes: document.bytes, blob: document.blob,
            creationDate: document.content.creationDate,
            hasReferences: !document.content.references.isEmpty, folder: folder, cache: cache)
    }

    /// The same document standing in for a version of its file that is invalid.
    var asLastGood: StoredDocument {
        StoredDocument(
            key, bytes: bytes, blob: blob, creationDate: creationDate,
            hasReferences: hasReferences, folder: folder, isLastGood: true, cache: cache)
    }

    /// The same document with its file in another folder.
    func moved(to folder: String) -> StoredDocument {
        StoredDocument(
            key, bytes: bytes, blob: blob, creationDate: creationDate,
            hasReferences: hasReferences, folder: folder, isLastGood: isLastGood, cache: cache)
    }

    public var key: DocumentKey { DocumentKey(collection, id) }

    /// Its file, from the top of the repository.
    public var path: String {
        "\(folder)/\(FileName.lastComponent(of: id))\(collection.suffix)"
    }

    /// What the document says, decoded now; kinds that take long to decode are kept a while.
    public var content: any Document {
        guard let kind = DocumentKind.of(collection) else { return UnreadableDocument() }
        guard kind.keepsContent else { return kind.decoded(bytes, id) }
        if let kept = decoded.withLock({ $0 }) { return kept }
        let content = kind.decoded(bytes, id)
        decoded.withLock { $0 = content }
        // About what Swift's values take for the text of one, and the document itself.
        cache.note(self, bytes: 5 * bytes.count + 256)
        return content
    }

    /// Whether the content is kept now.
    var isDecoded: Bool { decoded.withLock { $0 != nil } }

    /// Drops what was made from the document.
    func forgetDerived() { decoded.withLock { $0 = nil } }
}

/// Stands for the content of a document that was valid when it was put, should it be none now.
private struct UnreadableDocument: Document {
    var references: [Reference] { [] }
    var creationDate: Timestamp? { nil }
}

extension DocumentKind {
    /// Reads bytes that were found valid before.
    fileprivate func decoded(_ bytes: [UInt8], _ id: DocumentID) -> any Document {
        (try? readAgain(bytes, id)) ?? UnreadableDocument()
    }
}
