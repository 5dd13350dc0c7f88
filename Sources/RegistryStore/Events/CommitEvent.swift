public import Registry

/// What one commit of the served branch did to the registry, for those who follow it.
///
/// The commits of the branch are followed by their first parents, so that the changes of all events
/// in their order lead from any of its states to the newest; a merge brings all that it merged.
public struct CommitEvent: Hashable, Sendable {
    /// What happened to one document.
    public struct Change: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            case created, changed, removed
            /// The same content in a file at another place.
            case moved
        }

        public let key: DocumentKey
        public let kind: Kind
        /// Of its file, from the top of the repository; where it was, if it is removed.
        public let path: String
        /// The content as it is since then; nil where it is removed.
        public let blob: Revision?
        /// The content as it was; nil where there was none.
        public let previousBlob: Revision?
    }

    public let commit: HistoryEntry
    /// The state that the changes start from; nil for the empty registry.
    public let previous: Revision?
    /// By collection and uid, each once.
    public let changes: [Change]
    /// Changed files that are no documents, `registry.json` among them.
    public let otherPaths: [String]
}
