internal import Git
public import JSON
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

extension HistoryEntry {
    init(_ id: ObjectID, _ commit: Commit) {
        let (microseconds, isTooLarge) = commit.author.seconds
            .multipliedReportingOverflow(by: 1_000_000)
        self.init(
            revision: Revision(id), subject: commit.subject, body: commit.body,
            author: Author(name: commit.author.name, email: commit.author.email),
            date: Timestamp(microseconds: isTooLarge ? 0 : microseconds))
    }
}

extension HistoryEntry {
    /// The form of API answers.
    public var json: JSONValue {
        [
            "commit": .text("\(revision)"), "subject": .text(subject),
            "author": .text(author.name), "email": .text(author.email), "date": .text("\(date)"),
        ]
    }
}
