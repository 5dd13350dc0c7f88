public import Registry

/// What an undo would do, with the button that does it: `/repository/undo?commit=`.
///
/// Also what it has done, or why it does nothing.
public struct UndoPage: Sendable {
    /// A document that is gone and asked for.
    public struct Needed: Hashable, Sendable {
        public var key: DocumentKey
        public var reason: String

        public init(key: DocumentKey, reason: String) {
            self.key = key
            self.reason = reason
        }
    }

    /// What is to be taken back, as members of the query and fields of the form.
    public var query: [(name: String, value: String)]
    public var heading: String
    /// The commits that are taken back, the newest first, and how many there are.
    public var commits: [CommitLine]
    public var commitCount: Int
    /// What it changes; the first of the files.
    public var differences: [DocumentDifference]
    /// How many files it changes, shown or not.
    public var fileCount: Int
    public var conflicts: [MergeConflict]
    /// What would be wrong after it and is not now.
    public var problems: [Problem]
    public var touches: Touches
    public var needed: [Needed]
    /// Whether those are restored too.
    public var takesNeeded: Bool
    public var notes: [String]
    /// Names what the page shows.
    public var tag: String
    /// Why the reader may not do it; nil where they may.
    public var refusal: String?

    public init(
        query: [(name: String, value: String)], heading: String, commits: [CommitLine] = [],
        commitCount: Int = 0, differences: [DocumentDifference], fileCount: Int,
        conflicts: [MergeConflict] = [], problems: [Problem] = [], touches: Touches,
        needed: [Needed] = [], takesNeeded: Bool = false, notes: [String] = [], tag: String
    ) {
        self.query = query
        self.heading = heading
        self.commits = commits
        self.commitCount = commitCount
        self.differences = differences
        self.fileCount = fileCount
        self.conflicts = conflicts
        self.problems = problems
        self.touches = touches
        self.needed = needed
        self.takesNeeded = takesNeeded
        self.notes = notes
        self.tag = tag
    }
}

/// Asks what is to be taken back: `/repository/undo`, with the newest commits.
public struct UndoQuestionPage: Sendable {
    public var commits: [CommitLine]

    public init(commits: [CommitLine]) { self.commits = commits }
}

/// The documents that were deleted, newest first: `/repository/deleted`.
public struct DeletedPage: Sendable {
    /// One document with the commit that removed it.
    public struct Row: Hashable, Sendable {
        public var key: DocumentKey
        public var commit: CommitLine

        public init(key: DocumentKey, commit: CommitLine) {
            self.key = key
            self.commit = commit
        }
    }

    public var rows: [Row]
    /// Only those of one collection.
    public var collection: Collection?
    /// What the next page is asked for with.
    public var next: String?
    /// Whether this is the first page.
    public var isFirst: Bool

    public init(rows: [Row], collection: Collection? = nil, next: String?, isFirst: Bool) {
        self.rows = rows
        self.collection = collection
        self.next = next
        self.isFirst = isFirst
    }
}
