/// The uid of a document within its collection.
///
/// 1 to 200 characters (Unicode scalars), none of them a control character, and neither `.` nor
/// `..`, which no URL can carry.
public struct DocumentID: VerbatimText, CustomStringConvertible {
    /// The longest id, in Unicode scalars.
    public static let maximumLength = 200

    public let text: String

    /// Takes `text` as an id, or nothing where no document can have it.
    public init?(_ text: String) {
        guard text != ".", text != ".." else { return nil }
        var length = 0
        for scalar in text.unicodeScalars {
            guard !scalar.isControl else { return nil }
            length += 1
        }
        guard (1...Self.maximumLength).contains(length) else { return nil }
        self.text = text
    }

    /// Takes what an id becomes by folding its case, which may be longer than any id.
    init(folding text: String) { self.text = text }

    public var description: String { text }
}

extension Unicode.Scalar {
    /// U+0000 to U+001F and U+007F.
    package var isControl: Bool { value < 0x20 || value == 0x7F }
}
