/// A document at its place.
public final class StoredDocument: Sendable {
    public let document: PreparedDocument
    /// Its file, from the top of the repository.
    public let path: String
    /// Whether the file at ``path`` is invalid now, and this is the last version that was not.
    public let isLastGood: Bool

    init(_ document: PreparedDocument, path: String, isLastGood: Bool = false) {
        self.document = document
        self.path = path
        self.isLastGood = isLastGood
    }

    public var key: DocumentKey { document.key }
    public var id: DocumentID { document.key.id }
    public var bytes: [UInt8] { document.bytes }
    public var blob: Revision { document.blob }
    public var content: any Document { document.content }
}

/// Text of a path, the same only if its UTF-8 is.
package struct FilePath: Hashable, Comparable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: FilePath, right: FilePath) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package static func < (left: FilePath, right: FilePath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

/// What one file of a document holds.
enum FileContent: Sendable {
    case valid(PreparedDocument)
    /// `served` stands in for it; nil when no version of the path was ever valid.
    case invalid(InvalidDocument, served: PreparedDocument?)

    /// The document that readers see.
    var document: PreparedDocument? {
        switch self {
        case .valid(let document): document
        case .invalid(_, let served): served
        }
    }

    /// Why the file is invalid.
    var reason: InvalidDocument? {
        if case .invalid(let reason, _) = self { reason } else { nil }
    }
}
