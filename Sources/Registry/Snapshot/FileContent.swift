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
    case valid(StoredDocument)
    /// `served` stands in for it; nil when no version of the path was ever valid.
    case invalid(InvalidDocument, served: StoredDocument?)

    /// The document that readers see.
    var document: StoredDocument? {
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
