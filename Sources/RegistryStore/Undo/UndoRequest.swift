public import Registry

/// What is to be taken back.
public struct UndoRequest: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        /// A document as a revision has it; without one, a deleted document as it was last.
        case restore(DocumentKey, at: String?)
        /// What one commit did; a merge against its first parent.
        case revert(commit: String)
        /// Everything between two states: from the older to the newer.
        case revertRange(from: String, to: String)
    }

    public var subject: Subject
    /// Also restores what is gone and belongs to what is restored, or is named by it.
    public var takesNeeded: Bool
    /// What a person has decided where later commits changed the same places.
    public var choices: MergeChoices

    /// - Parameter subject: revisions by the names that `?at=` takes.
    public init(
        _ subject: Subject, takesNeeded: Bool = false, choices: MergeChoices = MergeChoices()
    ) {
        self.subject = subject
        self.takesNeeded = takesNeeded
        self.choices = choices
    }
}

/// A document that is gone and that an undo asks for.
public struct NeededDocument: Hashable, Sendable {
    public let key: DocumentKey
    /// The commit that has the version to restore.
    public let version: Revision
    /// Why: `devices/robot-1 names it`.
    public let reason: String
}

/// What an undo would do.
public struct UndoPreview: Sendable {
    public let request: UndoRequest
    /// The subject of its commit.
    public let subject: String
    /// The commits that it takes back, the newest first; the first of them.
    public let commits: [HistoryEntry]
    /// How many there are, listed or not.
    public let commitCount: Int
    public let effect: ChangePreview
    /// What is gone and asked for; restored too where the request says so.
    public let needed: [NeededDocument]
    /// What a person should know beside.
    public let notes: [String]
    /// Another one as soon as somebody has changed what this was made from.
    public let tag: String

    /// Whether there is anything to do.
    public var changesNothing: Bool { effect.paths.isEmpty && effect.conflicts.isEmpty }
    /// Whether it can be done as it is.
    public var isPossible: Bool {
        !changesNothing && effect.conflicts.isEmpty && effect.problems.isEmpty
    }
}

/// What an undo has done.
public struct UndoDone: Sendable {
    /// The new commit; nil where all was so already.
    public let commit: Revision?
    public let preview: UndoPreview
}
