public import JSON

/// What a document says, decoded and valid by the rules that need no other document.
public protocol Document: Sendable {
    /// Every document that this one names, in the order of its text.
    var references: [Reference] { get }
    /// When it was created, if it says so; lists of the collection are in this order.
    var creationDate: Timestamp? { get }
}

/// One place of a document that names another.
public struct Reference: Hashable, Sendable {
    public let target: DocumentKey
    /// Where it stands in the naming document.
    public let pointer: JSONPointer

    public init(to target: DocumentKey, at pointer: JSONPointer) {
        self.target = target
        self.pointer = pointer
    }
}

/// Why the bytes of a file are no document of its kind.
public struct InvalidDocument: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place in a JSON document; nil where there is none (syntax, YAML).
    public let pointer: JSONPointer?
    /// The line, from 1, where the reader knows it.
    public let line: Int?
    /// A sentence that says what is wrong and what is expected.
    public let reason: String
    public let rule: Problem.Rule

    public init(
        _ reason: String, at pointer: JSONPointer? = nil, line: Int? = nil,
        rule: Problem.Rule = .content
    ) {
        self.reason = reason
        self.pointer = pointer
        self.line = line
        self.rule = rule
    }

    public var description: String {
        let place = pointer.map { $0.description.isEmpty ? "" : "\($0): " } ?? ""
        return (line.map { "line \($0): " } ?? "") + place + reason
    }
}

/// One kind of document: its folder and the reader of its files.
public struct DocumentKind: Sendable {
    public typealias Reader =
        @Sendable (_ bytes: [UInt8], _ id: DocumentID) throws(InvalidDocument) -> any Document

    public let collection: Collection
    /// Reads one file. Throws when it breaks a rule that holds inside one document.
    public let read: Reader
    /// Reads bytes that ``read`` has found valid; may leave out what only refuses.
    let readAgain: Reader
    /// Reads a file that is in the form in which the registry writes most of this kind, without
    /// decoding it; nil for any other one, valid or not.
    let outline: Outliner?
    /// Whether decoding takes so long that what comes of it is kept for a while.
    let keepsContent: Bool
    /// Fills in what everyone knows, for callers who write whole documents.
    let complete: Completer?
    /// The members that a document may have at its top, in the order of files; nil where its author
    /// chooses them.
    public let members: [JSONString]?

    typealias Outliner = @Sendable (_ bytes: [UInt8], _ id: DocumentID) -> DocumentOutline?

    /// Gives the members in the order of files, with those that the registry itself knows.
    ///
    /// - Parameters:
    ///   - stored: what the document is to replace.
    ///   - now: when a new document is created.
    public typealias Completer =
        @Sendable (
            _ members: JSONObject, _ id: DocumentID, _ stored: StoredDocument?, _ now: Timestamp
        ) -> JSONObject

    init(
        _ collection: Collection, members: [JSONString]? = nil, keepsContent: Bool = false,
        readAgain: Reader? = nil, outline: Outliner? = nil, complete: Completer? = nil,
        read: @escaping Reader
    ) {
        self.collection = collection
        self.members = members
        self.keepsContent = keepsContent
        self.readAgain = readAgain ?? read
        self.outline = outline
        self.complete = complete
        self.read = read
    }
}
