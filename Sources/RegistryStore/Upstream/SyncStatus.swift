internal import JSON
public import Registry

/// How the served branch and that of the upstream repository are to each other.
public struct SyncStatus: Hashable, Sendable {
    /// An upstream that went back behind what it had before.
    public struct Rewinding: Hashable, Sendable {
        /// What it had; nothing of that is lost here.
        public let from: Revision
        public let to: Revision
        public let at: Timestamp
    }

    /// Where the upstream is, without any password.
    public var upstream: String
    /// The branch that both share, without `refs/heads/`.
    public var branch: String
    /// Whether git speaks with the upstream just now.
    public var isRunning = false
    /// Our commits that the upstream does not have; nil before the first sync.
    public var ahead: Int?
    /// The upstream's commits that the served branch does not have.
    public var behind: Int?
    /// When both were last brought together without trouble.
    public var lastSync: Timestamp?
    /// Why the last try failed, or could not take everything; nil when it did.
    public var lastError: String?
    /// When it is tried again, at the latest.
    public var nextTry: Timestamp?
    /// Failed tries in a row.
    public var failures = 0
    /// Where both sides changed one place. Each side keeps its own until a person decides; all else
    /// goes on.
    public var conflicts: [MergeConflict] = []
    /// What both hold that breaks a rule; of such documents the last good version is served.
    public var problems: [Problem] = []
    /// The last time that the upstream was taken back or rewritten.
    public var rewinding: Rewinding?

    public init(upstream: String, branch: String) {
        self.upstream = upstream
        self.branch = branch
    }
}
