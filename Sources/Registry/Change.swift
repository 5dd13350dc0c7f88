/// One document written or removed.
public enum Change: Sendable {
    case put(PreparedDocument)
    case remove(DocumentKey)

    public var key: DocumentKey {
        switch self {
        case .put(let document): document.key
        case .remove(let key): key
        }
    }
}

/// What a transaction makes of the state that it was given.
public struct Edit<Answer: Sendable>: Sendable {
    /// All of these or none become one commit; no commit when the registry holds them already.
    public var changes: [Change]
    /// The subject line, `devices/robot-1: register`.
    public var subject: String
    public var answer: Answer

    public init(_ changes: [Change], subject: String, answer: Answer) {
        self.changes = changes
        self.subject = subject
        self.answer = answer
    }

    /// An edit that changes nothing, for answers that refuse.
    public static func nothing(_ answer: Answer) -> Edit {
        Edit([], subject: "", answer: answer)
    }
}

/// A change of the registry, decided against the newest state.
public struct Transaction<Answer: Sendable>: Sendable {
    public var author: Author
    /// Further lines of the commit message (`X-Commit-Message`), without trailers of its own.
    public var body: String?
    /// `Request-Id`, `Api`, `Reverts`, in this order.
    public var trailers: [Trailer]
    /// Runs on the writer with the newest committed state; must not block.
    public var decide: @Sendable (Snapshot) throws(RegistryError) -> Edit<Answer>

    public init(
        author: Author, body: String? = nil, trailers: [Trailer] = [],
        decide: @escaping @Sendable (Snapshot) throws(RegistryError) -> Edit<Answer>
    ) {
        self.author = author
        self.body = body
        self.trailers = trailers
        self.decide = decide
    }
}

/// One `Name: value` line at the end of a commit message.
public struct Trailer: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
