internal import JSON

/// Finds the places in which two values differ, without recursion.
struct JSONDifference {
    private enum Step {
        case compare(JSONPointer, JSONValue, JSONValue)
        case report(FieldChange)
    }

    private(set) var changes: [FieldChange] = []
    /// How many there are, those beyond the limit too.
    private(set) var count = 0
    private let identity: (JSONPointer) -> JSONListIdentity
    private let limit: Int

    init(identity: @escaping (JSONPointer) -> JSONListIdentity, limit: Int) {
        self.identity = identity
        self.limit = limit
    }

    /// Compares two documents; one that does not exist is as an empty one.
    mutating func compare(_ old: JSONValue?, _ new: JSONValue?) {
        var waiting: [Step] = [.compare(JSONPointer(), old ?? [:], new ?? [:])]
        while let step = waiting.popLast() {
            switch step {
            case .report(let change):
                count += 1
                if count <= limit { changes.append(change) }
            case .compare(let pointer, let old, let new):
                waiting += steps(at: pointer, old, new).reversed()
            }
        }
    }

    private func steps(at pointer: JSONPointer, _ old: JSONValue, _ new: JSONValue) -> [Step] {
        switch (old, new) {
        case (.object(let old), .object(let new)): return members(at: pointer, old, new)
        case (.array(let old), .array(let new)):
            return elements(at: pointer, old, new)
                ?? whole(at: pointer, .array(old), .array(new))
        default: return whole(at: pointer, old, new)
        }
    }

    private func whole(at pointer: JSONPointer, _ old: JSONValue, _ new: JSONValue) -> [Step] {
        old.isEquivalent(to: new)
            ? [] : [.report(FieldChange(pointer: pointer, old: old, new: new))]
    }

    private func members(at pointer: JSONPointer, _ old: JSONObject, _ new: JSONObject) -> [Step] {
        var steps: [Step] = []
        for (name, value) in old {
            let place = pointer.appending(name)
            if let counterpart = new[name] {
                steps.append(.compare(place, value, counterpart))
            } else {
                steps.append(.report(FieldChange(pointer: place, old: value, new: nil)))
            }
        }
        for (name, value) in new where old[name] == nil {
            let place = pointer.appending(name)
            steps.append(.report(FieldChange(pointer: place, old: nil, new: value)))
        }
        return steps
    }

    /// The steps for lists whose elements can be told apart; nil for others.
    private func elements(
        at pointer: JSONPointer, _ old: [JSONValue], _ new: [JSONValue]
    ) -> [Step]? {
        guard let (oldKeys, newKeys) = keys(of: old, new, identity(pointer)) else { return nil }
        let oldPlaces = Self.places(oldKeys)
        let newPlaces = Self.places(newKeys)
        var steps: [Step] = []
        for (place, key) in oldKeys.enumerated() where newPlaces[key] == nil {
            steps.append(
                .report(
                    FieldChange(pointer: pointer.appending(place), old: old[place], new: nil)))
        }
        let moved = movedPlaces(newKeys.map { oldPlaces[$0] })
        for (place, key) in newKeys.enumerated() {
            let here = pointer.appending(place)
            guard let before = oldPlaces[key] else {
                steps.append(.report(FieldChange(pointer: here, old: nil, new: new[place])))
                continue
            }
            if moved.contains(place), old[before] == new[place] {
                steps.append(
                    .report(FieldChange(pointer: here, old: old[before], new: new[place])))
            } else {
                steps.append(.compare(here, old[before], new[place]))
            }
        }
        return steps
    }

    /// Which elements of two lists are the same ones; nil where they cannot be told apart.
    func pairs(
        at pointer: JSONPointer, _ old: [JSONValue], _ new: [JSONValue]
    ) -> [(old: Int, new: Int)]? {
        guard let (oldKeys, newKeys) = keys(of: old, new, identity(pointer)) else { return nil }
        let oldPlaces = Self.places(oldKeys)
        return newKeys.enumerated().compactMap { place, key in
            oldPlaces[key].map { ($0, place) }
        }
    }

    private func keys(
        of old: [JSONValue], _ new: [JSONValue], _ identity: JSONListIdentity
    ) -> ([JSONValue], [JSONValue])? {
        func keyed(by key: (JSONValue) -> JSONValue?) -> ([JSONValue], [JSONValue])? {
            let (oldKeys, newKeys) = (old.compactMap(key), new.compactMap(key))
            guard oldKeys.count == old.count, newKeys.count == new.count,
                Set(oldKeys).count == oldKeys.count, Set(newKeys).count == newKeys.count
            else { return nil }
            return (oldKeys, newKeys)
        }
        switch identity {
        case .whole: return nil
        case .set: return keyed { $0 }
        case .byMember("alert"): return keyed { $0["alert"] ?? $0["record"] }
        case .byMember(let name): return keyed { $0[name] }
        case .automatic:
            return keyed { $0.string.map(JSONValue.string) } ?? keyed { $0["uid"] }
                ?? keyed { $0["id"] }
        }
    }

    private static func places(_ keys: [JSONValue]) -> [JSONValue: Int] {
        Dictionary(zip(keys, keys.indices)) { first, _ in first }
    }

    /// The places of the new list whose elements have changed their order; as few as possible.
    private func movedPlaces(_ origins: [Int?]) -> Set<Int> {
        let common = origins.indices.compactMap { place in
            origins[place].map { CommonLine(old: place, new: $0) }
        }
        let inOrder = Set(longestRise(in: common).map(\.old))
        return Set(common.map(\.old)).subtracting(inOrder)
    }
}
