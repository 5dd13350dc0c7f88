extension JSONValue {
    /// This value after a merge patch (RFC 7396): null removes a member, objects merge, all else
    /// replaces.
    public func mergePatched(with patch: JSONValue) -> JSONValue {
        guard case .object(let patch) = patch else { return patch }
        var open = [OpenPatch(patch, onto: self, name: "")]
        // Patches may be deep, and stacks of other threads are small: no recursion.
        while true {
            let last = open.count - 1
            guard open[last].next < open[last].patch.count else {
                let result = open[last].result()
                let name = open.removeLast().name
                if open.isEmpty { return result }
                open[last - 1].target[name] = result
                continue
            }
            let (name, value) = open[last].patch.members[open[last].next]
            open[last].next += 1
            switch value {
            case .null: open[last].removed.insert(name)
            case .object(let patch):
                open.append(OpenPatch(patch, onto: open[last].target[name], name: name))
            default: open[last].target[name] = value
            }
        }
    }
}

/// One object of a merge patch that is being applied.
private struct OpenPatch {
    let patch: JSONObject
    /// The member of the target above that the result becomes.
    let name: JSONString
    var target: JSONObject
    var next = 0
    /// Removed in one go at the end, because each removal costs a pass over the object.
    var removed: Set<JSONString> = []

    init(_ patch: JSONObject, onto target: JSONValue?, name: JSONString) {
        self.patch = patch
        self.name = name
        self.target = target?.object ?? JSONObject()
    }

    func result() -> JSONValue {
        guard !removed.isEmpty else { return .object(target) }
        var target = target
        target.removeAll { removed.contains($0.name) }
        return .object(target)
    }
}
