public import Registry

/// What became of a transaction.
public struct Committed<Answer: Sendable>: Sendable {
    public let answer: Answer
    /// The state right after this transaction; what is answered is rendered from it.
    public let snapshot: Snapshot
    /// The transaction's own commit; the snapshot's where nothing changed.
    public let commit: Revision?
    /// Whether a commit was made.
    public let isNewCommit: Bool
}
