/// The path of a file within the registry.
package struct FilePath: VerbatimText {
    package let text: String

    package init(_ text: String) { self.text = text }
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
