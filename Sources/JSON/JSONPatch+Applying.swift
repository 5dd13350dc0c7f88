extension JSONValue {
    /// This value after a JSON patch (RFC 6902).
    public func patched(with patch: JSONPatch) throws(JSONPatchError) -> JSONValue {
        var patching = Patching(value: self)
        for (index, operation) in patch.operations.enumerated() {
            do throws(PatchProblem) {
                try patching.apply(operation)
            } catch {
                throw JSONPatchError(error.kind, error.reason, index)
            }
        }
        return patching.value
    }
}

private struct PatchProblem: Error {
    let kind: JSONPatchError.Kind
    let reason: String

    static func missing(_ pointer: JSONPointer) -> PatchProblem {
        PatchProblem(kind: .missing, reason: "There is no \(name(pointer)).")
    }

    static func name(_ pointer: JSONPointer) -> String {
        pointer.tokens.isEmpty ? "root" : pointer.description
    }
}

/// A document that is being patched.
private struct Patching {
    var value: JSONValue
    /// How many values may still be looked at: copies of copies grow like rabbits.
    private var budget = JSONReadingOptions.document.maximumValues
    private let maximumDepth = JSONReadingOptions.document.maximumDepth

    init(value: JSONValue) { self.value = value }

    mutating func apply(_ operation: JSONPatch.Operation) throws(PatchProblem) {
        switch operation {
        case .add(let new, let path): try add(new, path)
        case .remove(let path): _ = try remove(path)
        case .replace(let new, let path):
            _ = try find(path)
            try measure(new, at: path)
            try edit(path) { place in place = new }
        case .copy(let from, let path): try add(find(from), path)
        case .move(let from, let path):
            if from == path { _ = try find(from) } else { try add(remove(from), path) }
        case .test(let expected, let path):
            let found = try find(path)
            try measure(expected, at: path)
            guard found.hasSameValue(as: expected) else {
                throw PatchProblem(
                    kind: .testFailed, reason: "\(PatchProblem.name(path)) has another value.")
            }
        }
    }

    private func find(_ path: JSONPointer) throws(PatchProblem) -> JSONValue {
        guard let found = value.value(at: path) else { throw .missing(path) }
        return found
    }

    private mutating func add(_ new: JSONValue, _ path: JSONPointer) throws(PatchProblem) {
        try measure(new, at: path)
        guard let last = path.tokens.last else {
            value = new
            return
        }
        try edit(JSONPointer(tokens: path.tokens.dropLast())) { place throws(PatchProblem) in
            try place.add(new, as: last, path)
        }
    }

    private mutating func remove(_ path: JSONPointer) throws(PatchProblem) -> JSONValue {
        let found = try find(path)
        guard let last = path.tokens.last else {
            throw PatchProblem(kind: .malformed, reason: "The root cannot be taken away.")
        }
        try edit(JSONPointer(tokens: path.tokens.dropLast())) { place in place.remove(last) }
        return found
    }

    /// Counts what is put in, and refuses what would be deeper than a parser reads.
    private mutating func measure(
        _ new: JSONValue, at path: JSONPointer
    ) throws(PatchProblem) {
        let depth = maximumDepth - path.tokens.count
        guard new.uses(atMost: &budget, depth: depth) else {
            throw PatchProblem(
                kind: .tooLarge, reason: "The document would become too deep or too large.")
        }
    }

    /// Changes the value at `path`, in its place.
    private mutating func edit(
        _ path: JSONPointer, _ change: (inout JSONValue) throws(PatchProblem) -> Void
    ) throws(PatchProblem) {
        // What is above the place is taken apart on the way down and joined on the way up, so that
        // nothing is copied and nothing calls itself.
        var above: [JSONValue] = []
        var place = value
        value = .null
        for token in path.tokens {
            guard let child = place.takeChild(token) else { throw .missing(path) }
            above.append(place)
            place = child
        }
        try change(&place)
        for token in path.tokens.reversed() {
            guard var parent = above.popLast() else { break }
            parent.putBack(place, token)
            place = parent
        }
        value = place
    }
}

extension JSONValue {
    /// Takes a child out and leaves null in its place.
    fileprivate mutating func takeChild(_ token: JSONString) -> JSONValue? {
        let child = value(at: JSONPointer(tokens: [token]))
        if child != nil { putBack(.null, token) }
        return child
    }

    /// Puts a value where there is one.
    fileprivate mutating func putBack(_ child: JSONValue, _ token: JSONString) {
        switch self {
        case .object(var object):
            self = .null
            object[token] = child
            self = .object(object)
        case .array(var elements):
            self = .null
            if let index = arrayIndex(token) { elements[index] = child }
            self = .array(elements)
        default: break
        }
    }

    fileprivate mutating func add(
        _ new: JSONValue, as token: JSONString, _ path: JSONPointer
    ) throws(PatchProblem) {
        switch self {
        case .object(var object):
            self = .null
            object[token] = new
            self = .object(object)
        case .array(var elements):
            let index = token == "-" ? elements.count : arrayIndex(token)
            guard let index, index <= elements.count else { throw .missing(path) }
            self = .null
            elements.insert(new, at: index)
            self = .array(elements)
        default: throw .missing(path)
        }
    }

    fileprivate mutating func remove(_ token: JSONString) {
        switch self {
        case .object(var object):
            self = .null
            object[token] = nil
            self = .object(object)
        case .array(var elements):
            self = .null
            if let index = arrayIndex(token) { elements.remove(at: index) }
            self = .array(elements)
        default: break
        }
    }

    /// Takes the number of its values from `budget`; false where that or `depth` does not suffice.
    fileprivate func uses(atMost budget: inout Int, depth: Int) -> Bool {
        var waiting = [(value: self, depth: depth)]
        while let (value, depth) = waiting.popLast() {
            budget -= 1
            guard budget >= 0 else { return false }
            switch value {
            case .array(let elements):
                guard depth > 0, elements.count <= budget else { return false }
                waiting += elements.map { ($0, depth - 1) }
            case .object(let object):
                guard depth > 0, object.count <= budget else { return false }
                waiting += object.members.map { ($0.value, depth - 1) }
            default: guard depth >= 0 else { return false }
            }
        }
        return true
    }
}
