public import JSON
internal import Registry

extension UndoPreview {
    /// The form of API and command answers.
    public var json: JSONValue {
        var object: JSONObject = [
            "subject": .text(subject), "tag": .text(tag), "possible": .bool(isPossible),
            "changes_nothing": .bool(changesNothing),
        ]
        object["commit_count"] = .number(JSONNumber(commitCount))
        object["commits"] = .array(commits.map(\.json))
        object["changes"] = .array(effect.changes.map(\.difference.json))
        object["paths"] = .array(effect.paths.map { .text($0) })
        object["conflicts"] = .array(effect.conflicts.map(\.json))
        object["problems"] = .array(effect.problems.map(\.json))
        object["touches"] = effect.reach.json
        object["needed"] = .array(needed.map(\.json))
        object["takes_needed"] = .bool(request.takesNeeded)
        object["notes"] = .array(notes.map { .text($0) })
        return .object(object)
    }
}

extension UndoDone {
    /// The preview and the `commit` that was made, null where nothing had to be changed.
    public var json: JSONValue {
        var object = preview.json.object ?? [:]
        object["commit"] = commit.map { .text("\($0)") } ?? .null
        return .object(object)
    }
}

extension NeededDocument {
    fileprivate var json: JSONValue {
        [
            "document": .text("\(key)"), "version": .text("\(version)"), "reason": .text(reason),
        ]
    }
}
