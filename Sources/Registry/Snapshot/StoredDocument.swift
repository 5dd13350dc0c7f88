internal import Synchronization

/// A document at its place.
///
/// Small, because a registry holds a million of them: what can be had from the bytes again
/// (content, path, rendered text) is made when it is asked for.
public final class StoredDocument: Sendable {
    public let id: DocumentID
    /// The bytes of the file; empty for a large document, which stays where it is.
    private let kept: [UInt8]
    /// How many bytes the file has.
    public let size: Int
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
        case bytes([UInt8])
    }

    /// - Parameter bytes: nil for those that the cache's source can give.
    init(
        _ key: DocumentKey, bytes: [UInt8]?, size: Int, blob: Revision, creationDate: Timestamp?,
        hasReferences: Bool, folder: String, isLastGood: Bool = false, cache: DerivedCache
    ) {
        id = key.id
        collection = key.collection
        kept = bytes ?? []
        self.size = size
        self.blob = blob
        self.creationDate = creationDate
        self.hasReferences = hasReferences
        self.folder = folder
        self.isLastGood = isLastGood
        self.cache = cache
    }

    /// - Parameter isElsewhere: the document may stay where its repository has it.
    convenience init(
        _ document: PreparedDocument, in folder: String, cache: DerivedCache,
        isElsewhere: Bool = true
    ) {
        self.init(
            document.key, document.bytes, document.blob,
            creationDate: document.content.creationDate,
            hasReferences: !document.content.references.isEmpty, in: folder, cache: cache,
            isElsewhere: isElsewhere)
    }

    /// The same of a document that need not have been decoded.
    convenience init(
        _ key: DocumentKey, _ bytes: [UInt8], _ blob: Revision, creationDate: Timestamp?,
        hasReferences: Bool, in folder: String, cache: DerivedCache, isElsewhere: Bool = true
    ) {
        let size = bytes.count
        let isKept = !isElsewhere || size <= DerivedCache.largeDocument || cache.source == nil
        self.init(
            key, bytes: isKept ? bytes : nil, size: size, blob: blob, creationDate: creationDate,
            hasReferences: hasReferences, folder: folder, cache: cache)
        // Whoever has written it will ask for it; and so soon git may not be able to give it.
        if !isKept { keep(.bytes(bytes), cost: size) }
    }

    /// The same document standing in for a version of its file that is invalid.
    var asLastGood: StoredDocument {
        StoredDocument(
            key, bytes: isLarge ? nil : kept, size: size, blob: blob, creationDate: creationDate,
            hasReferences: hasReferences, folder: folder, isLastGood: true, cache: cache)
    }

    /// The same document with its file in another folder.
    func moved(to folder: String) -> StoredDocument {
        StoredDocument(
            key, bytes: isLarge ? nil : kept, size: size, blob: blob, creationDate: creationDate,
            hasReferences: hasReferences, folder: folder, isLastGood: isLastGood, cache: cache)
    }

    /// Whether it is read anew when it is asked for.
    var isLarge: Bool { kept.isEmpty && size > 0 }

    /// The bytes of the file. Those of a large document are read now, and kept a while.
    public var bytes: [UInt8] {
        guard isLarge else { return kept }
        if let bytes = find({ if case .bytes(let bytes) = $0 { bytes } else { nil } }) {
            return bytes
        }
        guard let bytes = cache.source?.bytes(of: blob, at: path) else { return [] }
        keep(.bytes(bytes), cost: size)
        return bytes
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
        if let content = decoded { return content }
        let content = kind.decoded(bytes, id)
        // About what Swift's values take for the text of one.
        keep(.content(content), cost: 4 * size)
        return content
    }

    /// Whether the content is kept now.
    var isDecoded: Bool { decoded != nil }

    private var decoded: (any Document)? {
        find { if case .content(let content) = $0 { content } else { nil } }
    }

    private func find<Value>(_ choose: (Derived) -> Value?) -> Value? {
        for made in derived.withLock({ $0 }) {
            if let found = choose(made) { return found }
        }
        return nil
    }

    private func keep(_ value: Derived, cost: Int) {
        let isFirst = derived.withLock { derived in
            derived.append(value)
            return derived.count == 1
        }
        cache.note(self, bytes: cost + (isFirst ? kept.count + 256 : 0))
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
