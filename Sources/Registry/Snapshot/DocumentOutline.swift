/// What a snapshot keeps of a document's content, to list it and to find who names whom.
struct DocumentOutline: Sendable {
    let creationDate: Timestamp?
    /// Every document that it names, each once.
    let targets: [DocumentKey]
    /// What the Craton API's index takes of it.
    let craton: CratonPart?

    init(creationDate: Timestamp?, targets: [DocumentKey], craton: CratonPart? = nil) {
        self.creationDate = creationDate
        self.targets = targets
        self.craton = craton
    }

    init(_ content: any Document) {
        let references = content.references
        self.init(
            creationDate: content.creationDate,
            targets: references.isEmpty ? [] : Array(Set(references.lazy.map(\.target))),
            craton: CratonPart(content))
    }

    /// Reads the bytes of a file, which is decoded only where its kind cannot do without; nil where
    /// they are no valid document.
    init?(_ key: DocumentKey, bytes: [UInt8]) {
        guard let kind = DocumentKind.of(key.collection),
            let outline = kind.outline?(bytes, key.id)
                ?? (try? kind.read(bytes, key.id)).map({ DocumentOutline($0) })
        else { return nil }
        self = outline
    }
}
