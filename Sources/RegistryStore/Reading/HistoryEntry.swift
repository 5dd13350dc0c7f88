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
    /// Who made the commit of it, and when: the server, for what came by the API.
    public let committer: Author
    public let commitDate: Timestamp
    /// Two and more of a merge, none of the first commit.
    public let parents: [Revision]
}

extension HistoryEntry {
    init(_ id: ObjectID, _ commit: Commit) {
        self.init(
            revision: Revision(id), subject: commit.subject, body: commit.body,
            author: Author(commit.author), date: Timestamp(commit.author),
            committer: Author(commit.committer), commitDate: Timestamp(commit.committer),
            parents: commit.parents.map { Revision($0) })
    }
}

extension Author {
    fileprivate init(_ signature: Signature) {
        self.init(name: signature.name, email: signature.email)
    }
}

extension Timestamp {
    fileprivate init(_ signature: Signature) {
        let (microseconds, isTooLarge) = signature.seconds
            .multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: isTooLarge ? 0 : microseconds)
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
