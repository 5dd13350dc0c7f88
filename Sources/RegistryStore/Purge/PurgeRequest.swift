public import Registry

/// What is to be taken out of the history.
public struct PurgeRequest: Sendable {
    /// A person, by name, by address or by both, and who stands there instead.
    public struct Person: Hashable, Sendable {
        public let name: String?
        public let email: String?
        public let replacement: Author

        public init(name: String?, email: String?, replacement: Author) {
            self.name = name
            self.email = email
            self.replacement = replacement
        }
    }

    /// Texts that are replaced wherever they are: in files, names of files, messages, identities.
    public var texts: [String]
    /// What stands in their place.
    public var replacement: String
    /// Documents whose files are removed from every commit.
    public var documents: [DocumentKey]
    public var people: [Person]

    public init(
        texts: [String] = [], replacement: String = "REMOVED", documents: [DocumentKey] = [],
        people: [Person] = []
    ) {
        self.texts = texts
        self.replacement = replacement
        self.documents = documents
        self.people = people
    }
}

/// What a purge has done, or would do.
public struct PurgeReport: Sendable {
    /// Commits of all references, and how many of them get another id.
    public var commits = 0
    public var changedCommits = 0
    /// Versions of files that are changed, and files that are taken out of trees.
    public var changedBlobs = 0
    public var removedEntries = 0
    /// References that move.
    public var references: [String] = []
    /// Files of the served branch that change.
    public var paths: [String] = []
    /// What a person should look at.
    public var notes: [String] = []
    /// The new generation; nil for a trial, and where nothing is found.
    public var generation: String?

    /// Whether anything is found.
    public var isEmpty: Bool { changedCommits == 0 && references.isEmpty }
}

/// Why nothing was purged, with what to do.
public struct PurgeError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
