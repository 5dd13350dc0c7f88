internal import JSON

/// How far the index of the history is.
public struct HistoryProgress: Hashable, Sendable {
    /// Commits that it holds.
    public var indexed = 0
    /// Steps of the served line that are still to be read.
    public var waiting = 0
    /// Why it cannot be kept; nil when it can.
    public var problem: String?
    /// Whether every commit of the branch was in it when it was last looked at.
    public var isComplete = false

    public init() {}

    /// About as many as there will be.
    public var total: Int { indexed + waiting }

    /// `{"indexed", "waiting", "complete", "problem"}`.
    var json: JSONValue {
        [
            "indexed": .number(JSONNumber(indexed)), "waiting": .number(JSONNumber(waiting)),
            "complete": .bool(isComplete), "problem": problem.map { .text($0) } ?? .null,
        ]
    }
}
