public import Registry

/// The state of the repository: `/repository/`.
public struct RepositoryPage: Sendable {
    /// The address that `git clone` takes, and the folder on the server's own machine.
    public var cloneURL: String
    public var clonePath: String
    public var edits = 0
    public var problems = 0
    public var keptTips = 0
    /// Where a commit made by hand, and the API, changed one place; ours was kept.
    public var conflicts: [MergeConflict] = []
    /// Files that wait for their newest content.
    public var filesBehind: [String] = []
    public var lastError: String?
    /// Nil where there is no upstream.
    public var upstream: Upstream?

    public init(cloneURL: String, clonePath: String) {
        self.cloneURL = cloneURL
        self.clonePath = clonePath
    }

    /// How the registry is to its upstream.
    public struct Upstream: Sendable {
        public var address: String
        public var branch: String
        public var ahead: Int?
        public var behind: Int?
        public var lastSync: Moment?
        public var nextTry: Moment?
        public var error: String?
        public var conflicts: [MergeConflict] = []
        public var problems: [Problem] = []

        public init(address: String, branch: String) {
            self.address = address
            self.branch = branch
        }
    }
}

/// What people have changed in the working tree and not committed: `/repository/edits`.
public struct EditsPage: Sendable {
    /// One file.
    public struct Edit: Sendable {
        public var difference: DocumentDifference
        /// Names this very edit, so that no other is taken for it.
        public var tag: String
        /// Why it is not served; nil when it is.
        public var problem: String?
        /// Why the reader may not commit it, or discard it; nil where they may.
        public var commitRefusal: String?
        public var discardRefusal: String?

        public init(difference: DocumentDifference, tag: String, problem: String? = nil) {
            self.difference = difference
            self.tag = tag
            self.problem = problem
        }
    }

    /// The first of them.
    public var edits: [Edit]
    public var count: Int
    /// What has just been done.
    public var done: String?

    public init(edits: [Edit], count: Int, done: String? = nil) {
        self.edits = edits
        self.count = count
        self.done = done
    }
}

/// Asks whether an edit is really to be discarded.
public struct DiscardPage: Sendable {
    public var edit: EditsPage.Edit
    /// Where its content goes.
    public var folder: String

    public init(edit: EditsPage.Edit, folder: String) {
        self.edit = edit
        self.folder = folder
    }
}

/// Everything that is wrong with documents: `/repository/problems`.
public struct ProblemsPage: Sendable {
    public struct Row: Sendable {
        public var problem: Problem
        public var isWarning: Bool
        /// The document, where a version of it is served.
        public var served: DocumentKey?
        /// The commit that made the version which is served instead.
        public var lastGood: CommitLine?
        /// What is served instead, and what to do.
        public var advice: String

        public init(problem: Problem, isWarning: Bool, served: DocumentKey?, advice: String) {
            self.problem = problem
            self.isWarning = isWarning
            self.served = served
            self.advice = advice
        }
    }

    public var rows: [Row]
    public var paging: Paging
    public var count: Int

    public init(rows: [Row], count: Int, paging: Paging = Paging()) {
        self.rows = rows
        self.count = count
        self.paging = paging
    }
}

/// Tips of the branch that were taken back or rewritten by hand: `/repository/kept`.
public struct KeptPage: Sendable {
    public struct Tip: Sendable {
        /// The branch's name, `rewound-20260131T120000Z`.
        public var name: String
        public var commit: CommitLine
        /// What the served branch does not have, the first of it.
        public var missing: [CommitLine]
        public var missingCount: Int
        public var isMerged: Bool

        public init(
            name: String, commit: CommitLine, missing: [CommitLine], missingCount: Int,
            isMerged: Bool
        ) {
            self.name = name
            self.commit = commit
            self.missing = missing
            self.missingCount = missingCount
            self.isMerged = isMerged
        }
    }

    public var tips: [Tip]
    public var done: String?

    public init(tips: [Tip], done: String? = nil) {
        self.tips = tips
        self.done = done
    }
}
