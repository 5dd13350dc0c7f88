public import Registry

/// What people should know about the repository beside its documents.
public struct StoreStatus: Hashable, Sendable {
    /// The served branch without `refs/heads/`.
    public var branch: String
    /// Why nothing can be written; nil when it can.
    public var readOnlyReason: String?
    /// What HEAD is on instead of the served branch: a branch's name, or a commit's id.
    public var headElsewhere: String?
    public var uncommittedEdits: [UncommittedEdit] = []
    /// Paths that the working tree should hold in a newer version, tried again and again.
    public var filesBehind: [String] = []
    /// Full names of the references that keep tips which were taken back or rewritten by hand.
    public var rewoundTips: [String] = []
    /// What merges of commits made by hand could not join; the served version stayed.
    public var mergeConflicts: [MergeConflict] = []
    /// Whether git's own index is still to be brought after the newest commit.
    public var isIndexBehind = false
    /// How the branch is to that of the upstream repository; nil where there is none.
    public var sync: SyncStatus?
    /// How far the index of the history is.
    public var history = HistoryProgress()
    /// The newest trouble in the background, for instance a held `index.lock`.
    public var lastError: String?

    public init(branch: String) { self.branch = branch }
}

/// A document that a person has changed in the working tree and not committed.
public struct UncommittedEdit: Hashable, Sendable {
    public let path: String
    /// Whether the edit is served: it is when it is valid.
    public let isServed: Bool
    /// Whether the person removed the file.
    public let isRemoval: Bool
    /// Why it is not served.
    public let problem: InvalidDocument?
}
