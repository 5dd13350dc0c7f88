public import Registry

/// What is asked of the history.
public struct HistoryQuery: Hashable, Sendable {
    public var subject: HistorySubject
    /// The newest commit to begin with; nil for the served one.
    public var tip: Revision?
    /// A name or an address, or a part of one.
    public var author: String?
    /// Only what came to be served at this time or later.
    public var since: Timestamp?
    /// Only what was served at this time already.
    public var until: Timestamp?
    /// Goes on after the last commit of another page.
    public var after: Revision?
    /// Commits of a page.
    public var limit: Int

    public init(_ subject: HistorySubject = .everything, limit: Int = 20) {
        self.subject = subject
        self.limit = limit
    }
}

/// A part of a history, newest first.
public struct HistoryPage: Hashable, Sendable {
    public var steps: [HistoryStep] = []
    /// Where the next page begins (``HistoryQuery/after``); nil where there is none.
    public var next: Revision?
    /// Whether nothing can be missing: not so while the index is being made.
    public var isComplete = true

    public init() {}
}

/// One commit of a history with what it changed of its subject.
public struct HistoryStep: Hashable, Sendable {
    public let entry: HistoryEntry
    /// The first of them.
    public let changes: [HistoryChange]
    public let changeCount: Int

    /// So many are named.
    public static let changeLimit = 10
}
