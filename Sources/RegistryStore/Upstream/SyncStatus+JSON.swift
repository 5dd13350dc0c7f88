public import JSON
internal import Registry

extension SyncStatus {
    /// The status as scripts read it, from the command and from the API.
    public var json: JSONValue {
        var object = JSONObject()
        object["upstream"] = .text(upstream)
        object["branch"] = .text(branch)
        object["running"] = .bool(isRunning)
        object["ahead"] = Self.number(ahead)
        object["behind"] = Self.number(behind)
        object["last_sync"] = Self.text(lastSync)
        object["last_error"] = lastError.map { .text($0) } ?? .null
        object["failures"] = .number(JSONNumber(failures))
        object["next_try"] = Self.text(nextTry)
        object["conflicts"] = .array(conflicts.map(Self.item))
        object["problems"] = .array(problems.map(Self.item))
        object["rewound"] = rewinding.map(Self.item) ?? .null
        return .object(object)
    }

    private static func number(_ count: Int?) -> JSONValue {
        count.map { .number(JSONNumber($0)) } ?? .null
    }

    private static func text(_ time: Timestamp?) -> JSONValue {
        time.map { .text($0.description) } ?? .null
    }

    private static func item(_ conflict: MergeConflict) -> JSONValue {
        var item = JSONObject()
        item["path"] = .text(conflict.path)
        item["pointer"] = conflict.pointer.map { .text($0.description) } ?? .null
        item["reason"] = .text(conflict.reason)
        // A side without the place has no member for it, because null is a value too.
        item["base"] = conflict.base
        item["ours"] = conflict.ours
        item["theirs"] = conflict.theirs
        return .object(item)
    }

    private static func item(_ problem: Problem) -> JSONValue {
        var item = JSONObject()
        item["path"] = .text(problem.path)
        item["pointer"] = problem.pointer.map { .text($0.description) } ?? .null
        item["line"] = number(problem.line)
        item["reason"] = .text(problem.reason)
        return .object(item)
    }

    private static func item(_ rewinding: Rewinding) -> JSONValue {
        var item = JSONObject()
        item["from"] = .text(rewinding.from.description)
        item["to"] = .text(rewinding.to.description)
        item["at"] = .text(rewinding.at.description)
        return .object(item)
    }
}
