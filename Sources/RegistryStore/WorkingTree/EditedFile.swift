public import JSON
public import Registry

/// An uncommitted edit with what it is about.
public struct EditedFile: Sendable {
    public let edit: UncommittedEdit
    /// What the branch has; nil for a new file.
    public let committed: [UInt8]?
    /// What the file holds; nil where it was removed, or cannot be read.
    public let content: [UInt8]?

    /// What names this very edit, so that no other is committed or discarded in its place.
    public var tag: String { content.map { Revision(blobOf: $0).description } ?? "removed" }
}

/// Which uncommitted edits are to be committed or discarded.
public struct EditChoice: Hashable, Sendable {
    /// The files; nil for all that can be.
    public var paths: [String]?
    /// ``EditedFile/tag`` of what the person has seen, by path; a file without is taken as it is.
    public var seen: [String: String] = [:]

    public init(paths: [String]? = nil, seen: [String: String] = [:]) {
        self.paths = paths
        self.seen = seen
    }
}

/// What has become of uncommitted edits.
public struct SettledEdits: Hashable, Sendable {
    public var paths: [String]
    /// The commit that has them; nil where they were discarded.
    public var commit: Revision?
    /// Where the content of discarded files was put, in the order of ``paths``; empty where a
    /// removal was taken back.
    public var copies: [String] = []
}

extension SettledEdits {
    /// As it goes through the server's socket and the API.
    public var json: JSONValue {
        var object: JSONObject = ["paths": .array(paths.map { .text($0) })]
        object["commit"] = commit.map { .text($0.description) }
        if commit == nil { object["copies"] = .array(copies.map { .text($0) }) }
        return .object(object)
    }

    public init?(_ json: JSONValue) {
        guard let paths = json["paths"]?.array else { return nil }
        self.init(
            paths: paths.compactMap(\.text),
            commit: json["commit"]?.text.flatMap { Revision(hex: $0) },
            copies: (json["copies"]?.array ?? []).compactMap(\.text))
    }
}
