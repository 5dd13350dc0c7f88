public import Registry

/// The list of proposals: `/proposals/`, with `?state=merged` and the like.
public struct ProposalListPage: Sendable {
    /// One proposal in the list.
    public struct Row: Hashable, Sendable {
        public var number: Int
        public var title: String
        public var author: String
        public var changed: Moment
        public var approvals: Int
        public var comments: Int

        public init(
            number: Int, title: String, author: String, changed: Moment, approvals: Int,
            comments: Int
        ) {
            self.number = number
            self.title = title
            self.author = author
            self.changed = changed
            self.approvals = approvals
            self.comments = comments
        }
    }

    public var rows: [Row]
    public var state: Proposal.State
    /// How many there are of each state.
    public var counts: [Proposal.State: Int]
    public var paging: Paging

    public init(
        rows: [Row], state: Proposal.State, counts: [Proposal.State: Int], paging: Paging = Paging()
    ) {
        self.rows = rows
        self.state = state
        self.counts = counts
        self.paging = paging
    }
}

/// One proposal: `/proposals/7`.
public struct ProposalPage: Sendable {
    public var proposal: Proposal
    /// Its newest commits, the newest first, and how many there are.
    public var commits: [CommitLine]
    public var commitCount: Int
    /// What it changes; the first of the files.
    public var differences: [DocumentDifference]
    /// How many files it changes, shown or not.
    public var fileCount: Int
    public var conflicts: [MergeConflict]
    /// What would be wrong after the merge and is not now.
    public var problems: [Problem]
    /// What would be worth a look after the merge, and keeps nobody from it.
    public var warnings: [Problem]
    public var touches: Touches
    /// The first and the last of the events are known from elsewhere; when each was.
    public var events: [Event]
    /// What `git clone` takes.
    public var cloneURL: String
    /// What the reader may do about it.
    public var standing = Standing()
    /// Whether something is left out of it that the reader may not see.
    public var isPartial = false

    /// What somebody may do about a proposal.
    public struct Standing: Hashable, Sendable {
        /// Why they may not merge it, or approve it; nil where they may.
        public var mergeRefusal: String?
        public var approveRefusal: String?
        public var mayComment = true
        /// Closing it and opening it again.
        public var mayClose = true

        public init() {}
    }

    /// One event as it is shown.
    public struct Event: Hashable, Sendable {
        public var event: Proposal.Event
        public var date: Moment

        public init(_ event: Proposal.Event, date: Moment) {
            self.event = event
            self.date = date
        }
    }

    public init(
        proposal: Proposal, commits: [CommitLine], commitCount: Int,
        differences: [DocumentDifference], fileCount: Int, conflicts: [MergeConflict] = [],
        problems: [Problem] = [], warnings: [Problem] = [], touches: Touches, events: [Event],
        cloneURL: String
    ) {
        self.proposal = proposal
        self.commits = commits
        self.commitCount = commitCount
        self.differences = differences
        self.fileCount = fileCount
        self.conflicts = conflicts
        self.problems = problems
        self.warnings = warnings
        self.touches = touches
        self.events = events
        self.cloneURL = cloneURL
    }
}
