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
    private let derived = Mutex<[Derived]>([])

    /// What was made from the document and may be made again.
    private enum Derived {
        case content(any Document)
        case rendition(name: String, bytes: [UInt8])
    }

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
        let kept = derived.withLock { derived in
            derived.lazy.compactMap { if case .content(let content) = $0 { content } else { nil } }
                .first
        }
        if let kept { return kept }
        let content = kind.decoded(bytes, id)
        // About what Swift's values take for the text of one.
        keep(.content(content), cost: 4 * bytes.count)
        return content
    }

    /// What `render` makes of this version of the document, made once and kept as `name`.
    ///
    /// It may look at nothing but the document; for small ones, whose answers are asked for often.
    func rendition(_ name: String, render: () -> [UInt8]) -> [UInt8] {
        if let kept = rendition(name) { return kept }
        let rendered = render()
        keep(.rendition(name: name, bytes: rendered), cost: rendered.count)
        return rendered
    }

    private func rendition(_ name: String) -> [UInt8]? {
        derived.withLock { derived in
            for case .rendition(name, let bytes) in derived { return bytes }
            return nil
        }
    }

    private func keep(_ value: Derived, cost: Int) {
        let isFirst = derived.withLock { derived in
            derived.append(value)
            return derived.count == 1
        }
        cache.note(self, bytes: cost + (isFirst ? bytes.count + 256 : 0))
    }

    /// Drops what was made from the document.
    func forgetDerived() { derived.withLock { $0 = [] } }
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
