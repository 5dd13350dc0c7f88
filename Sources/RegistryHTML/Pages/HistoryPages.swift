public import Registry

/// Commits with what they changed: `/history/`, of a document with `?of=devices/robot-1`.
public struct HistoryListPage: Sendable {
    /// What a person has filled in.
    public struct Filter: Hashable, Sendable {
        /// A document, a collection, the path of a file; empty for everything.
        public var subject = ""
        public var author = ""
        public var since = ""
        public var until = ""

        public init() {}
    }

    public struct Step: Sendable {
        public var commit: CommitLine
        public var differences: [DocumentDifference]
        /// What it changed beside these.
        public var more: Int
        /// What happened to the document's name: `renamed from robot-1`.
        public var note: String?
        /// The version that it made; nil where it has none.
        public var restorable: DocumentKey?

        public init(commit: CommitLine, differences: [DocumentDifference], more: Int) {
            self.commit = commit
            self.differences = differences
            self.more = more
        }
    }

    public var filter: Filter
    /// The document whose history it is.
    public var key: DocumentKey?
    public var steps: [Step] = []
    /// Where the next page begins; nil where there is none.
    public var next: String?
    public var isFirst = true
    /// Why it may lack old commits; nil where nothing can be missing.
    public var incomplete: String?
    /// Why nothing is shown; nil where the question was understood.
    public var problem: String?

    public init(filter: Filter) { self.filter = filter }
}

/// One commit: `/history/<commit>`.
public struct CommitPage: Sendable {
    public var commit: CommitLine
    public var body: String
    public var committer: String
    public var parents: [String]
    public var differences: [DocumentDifference]
    public var count: Int
    /// The path behind which the next page begins.
    public var next: String?
    /// Whether the reader has just made it.
    public var isNew = false

    public init(
        commit: CommitLine, body: String, committer: String, parents: [String],
        differences: [DocumentDifference], count: Int, next: String?
    ) {
        self.commit = commit
        self.body = body
        self.committer = committer
        self.parents = parents
        self.differences = differences
        self.count = count
        self.next = next
    }
}

/// Who set each part of a document: `/history/blame?of=devices/robot-1`.
public struct BlamePage: Sendable {
    public struct Row: Sendable {
        public var part: DocumentBlame.Part
        public var commit: CommitLine?

        public init(part: DocumentBlame.Part, commit: CommitLine?) {
            self.part = part
            self.commit = commit
        }
    }

    public var key: DocumentKey
    public var rows: [Row]
    public var isComplete: Bool

    public init(key: DocumentKey, rows: [Row], isComplete: Bool) {
        self.key = key
        self.rows = rows
        self.isComplete = isComplete
    }
}

/// Two states beside each other: `/history/compare?from=yesterday&to=HEAD`.
public struct ComparePage: Sendable {
    public var from: String
    public var to: String
    /// The commits that the names lead to.
    public var sides: [CommitLine] = []
    public var counts: [(name: String, count: Int)] = []
    public var differences: [DocumentDifference] = []
    public var next: String?
    public var isFirst = true
    /// Why nothing is compared.
    public var problem: String?

    public init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}

/// Commits by day and by author: `/history/activity`.
public struct ActivityPage: Sendable {
    public struct Person: Hashable, Sendable {
        public var name: String
        public var email: String
        public var commits: Int

        public init(name: String, email: String, commits: Int) {
            self.name = name
            self.email = email
            self.commits = commits
        }
    }

    /// Midnight of each day and its commits, the oldest first.
    public var days: [(date: Moment, commits: Int)]
    public var people: [Person]
    public var personCount: Int
    public var commits: Int
    public var isComplete: Bool

    public init(
        days: [(date: Moment, commits: Int)], people: [Person], personCount: Int, commits: Int,
        isComplete: Bool
    ) {
        self.days = days
        self.people = people
        self.personCount = personCount
        self.commits = commits
        self.isComplete = isComplete
    }
}
