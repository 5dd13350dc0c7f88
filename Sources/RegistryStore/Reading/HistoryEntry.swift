public import Registry

/// One commit, as a list of changes shows it.
public struct HistoryEntry: Hashable, Sendable {
    public let revision: Revision
    public let subject: String
    /// Everything after the subject, trailers included.
    public let body: String
    public let author: Author
    /// When the author made it.
    public let date: Timestamp
}
