/// One value in three versions; nil where it is absent.
struct JSONVersions {
    var base: JSONValue?
    var ours: JSONValue?
    var theirs: JSONValue?
}

/// Merges versions without recursion, so that depth costs no stack.
struct JSONMerger {
    /// An object or list whose parts before `next` are merged.
    private struct Container {
        let parts: JSONVersionedParts
        /// Where the container is in the one above; unused for the root.
        let token: JSONString
        var next = 0
        var merged: [(key: JSONValue, value: JSONValue)] = []

        mutating func add(_ value: JSONValue?) {
            if let value { merged.append((parts.keys[next], value)) }
            next += 1
        }

        var value: JSONValue {
            guard parts.isObject else { return .array(merged.map(\.value)) }
            return .object(
                JSONObject(merged.compactMap { part in part.key.string.map { ($0, part.value) } }))
        }
    }

    let policy: JSONMergePolicy
    private(set) var conflicts: [JSONMergeConflict] = []
    private var open: [Container] = []

    init(policy: JSONMergePolicy) { self.policy = policy }

    mutating func merge(_ versions: JSONVersions) -> JSONValue? {
        if let parts = parts(of: versions, at: nil) {
            open.append(Container(parts: parts, token: ""))
        } else {
            return mergeWhole(versions, at: nil)
        }
        while true {
            let last = open.count - 1
            let parts = open[last].parts
            guard open[last].next < parts.keys.count else {
                let value = open.removeLast().value
                if open.isEmpty { return value }
                open[last - 1].add(value)
                continue
            }
            let key = parts.keys[open[last].next]
            let part = parts.versions(of: key)
            let token = parts.token(of: key)
            if let partsBelow = self.parts(of: part, at: token) {
                open.append(Container(parts: partsBelow, token: token))
            } else {
                open[last].add(mergeWhole(part, at: token))
            }
        }
    }

    /// The parts to merge one by one, or nil when the value is to be merged as a whole.
    private func parts(of versions: JSONVersions, at token: JSONString?) -> JSONVersionedParts? {
        switch (versions.ours, versions.theirs) {
        case (.object(let ours), .object(let theirs)):
            // Two new elements with one identity are two things: never mix their members.
            let isNewElement = versions.base == nil && open.last?.parts.isObject == false
            guard !isNewElement else { return nil }
            return JSONVersionedParts(base: versions.base?.object, ours: ours, theirs: theirs)
        case (.array(let ours), .array(let theirs)):
            return JSONVersionedParts(
                base: versions.base?.array ?? [], ours: ours, theirs: theirs,
                identity: policy.lists(pointer(to: token)))
        default: return nil
        }
    }

    private mutating func mergeWhole(
        _ versions: JSONVersions, at token: JSONString?
    ) -> JSONValue? {
        if versions.ours == versions.theirs || versions.base == versions.theirs {
            return versions.ours
        }
        if versions.base == versions.ours { return versions.theirs }
        if alike(versions.ours, versions.theirs) || alike(versions.base, versions.theirs) {
            return versions.ours
        }
        if alike(versions.base, versions.ours) { return versions.theirs }
        let conflict = JSONMergeConflict(
            pointer: pointer(to: token), base: versions.base, ours: versions.ours,
            theirs: versions.theirs)
        switch policy.resolve(conflict) {
        case .value(let value): return value
        case .theirs: return versions.theirs
        case .ours: return versions.ours
        case nil:
            conflicts.append(conflict)
            return versions.ours
        }
    }

    /// Whether only the order of members differs.
    private func alike(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left, let right else { return false }
        return left.isEquivalent(to: right)
    }

    private func pointer(to token: JSONString?) -> JSONPointer {
        guard let token else { return JSONPointer() }
        return JSONPointer(tokens: open.dropFirst().map(\.token) + [token])
    }
}
