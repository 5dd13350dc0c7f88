public import JSON

/// A place of a document that two sides changed in ways that do not join.
public struct MergeConflict: Hashable, Sendable {
    /// The file, from the top of the repository.
    public let path: String
    /// The place in a JSON document; nil where the file is one thing.
    public let pointer: JSONPointer?
    /// The value that both sides began with; nil for none.
    public let base: JSONValue?
    public let ours: JSONValue?
    public let theirs: JSONValue?
    /// What is wrong, `both sides changed it`.
    public let reason: String

    public init(
        path: String, pointer: JSONPointer? = nil, base: JSONValue? = nil, ours: JSONValue? = nil,
        theirs: JSONValue? = nil, reason: String = "both sides changed it"
    ) {
        self.path = path
        self.pointer = pointer
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.reason = reason
    }

    /// The two versions that a person can choose from.
    public enum Side: String, Hashable, Sendable, CaseIterable {
        case ours, theirs
    }
}

extension MergeConflict: CustomStringConvertible {
    /// `devices/robot-1.json /address: both sides changed it`.
    public var description: String {
        let place = pointer.map { $0.tokens.isEmpty ? "" : " \($0)" } ?? ""
        return "\(path)\(place): \(reason)"
    }

    /// The description and both values: `...: both sides changed it ("10.0.0.7" and "10.0.0.8")`.
    public var summary: String {
        guard pointer != nil, ours != nil || theirs != nil else { return description }
        let (left, right) = (ours?.summary() ?? "nothing", theirs?.summary() ?? "nothing")
        return "\(description) (ours \(left), theirs \(right))"
    }
}

extension MergeConflict {
    /// The form of status and API answers; a value that is absent has no member, and the pointer of a
    /// whole file is null.
    public var json: JSONValue {
        var object: JSONObject = ["path": .text(path)]
        object["pointer"] = pointer.map { .text($0.description) } ?? .null
        object["base"] = base
        object["ours"] = ours
        object["theirs"] = theirs
        object["reason"] = .text(reason)
        return .object(object)
    }

    /// Reads the form that ``json`` gives.
    public init?(_ json: JSONValue) {
        guard let path = json["path"]?.text, let reason = json["reason"]?.text else { return nil }
        self.init(
            path: path,
            pointer: json["pointer"]?.text.flatMap { try? JSONPointer(parsing: $0) },
            base: json["base"], ours: json["ours"], theirs: json["theirs"], reason: reason)
    }
}
