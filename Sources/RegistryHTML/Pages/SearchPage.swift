public import Registry

/// What a search over everything found.
public struct SearchPage: Sendable {
    /// One document.
    public struct Hit: Sendable {
        public let key: DocumentKey
        /// What people call it, where that is not the uid.
        public let title: String?
        /// Where the words are, the best first: the place, nil for the uid, and its text.
        public let matches: [(place: String?, text: String)]

        public init(
            key: DocumentKey, title: String?, matches: [(place: String?, text: String)]
        ) {
            self.key = key
            self.title = title
            self.matches = matches
        }
    }

    /// As typed; empty where nothing was searched yet.
    public let query: String
    public let hits: [Hit]
    /// How many documents have all words, shown or not.
    public let total: Int
    /// Whether everything was looked at.
    public let isComplete: Bool

    public init(query: String, hits: [Hit], total: Int, isComplete: Bool) {
        self.query = query
        self.hits = hits
        self.total = total
        self.isComplete = isComplete
    }
}
