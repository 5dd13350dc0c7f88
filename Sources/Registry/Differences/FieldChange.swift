public import JSON

/// One place of a document in which two versions differ.
public struct FieldChange: Hashable, Sendable {
    /// An element of a list is counted as in the new version, or in the old one where the new one
    /// has no such element.
    public let pointer: JSONPointer
    /// Nil where the place is new.
    public let old: JSONValue?
    /// Nil where the place is gone.
    public let new: JSONValue?

    public init(pointer: JSONPointer, old: JSONValue?, new: JSONValue?) {
        self.pointer = pointer
        self.old = old
        self.new = new
    }

    /// Whether an element of a list is only in another place.
    public var isMove: Bool { old != nil && old == new }

    /// The pointer as people say it: `address`, `panels/3/title`.
    public var name: String { String(pointer.description.dropFirst()) }

    /// `address: "10.0.0.7" → "10.0.0.8"`.
    public var summary: String {
        switch (old, new) {
        case (let old?, _) where isMove: "\(name): moved \(old.summary())"
        case (let old?, let new?): "\(name): \(old.summary()) → \(new.summary())"
        case (let old?, nil): "\(name): \(old.summary()) removed"
        case (nil, let new?): "\(name): \(new.summary()) added"
        case (nil, nil): name
        }
    }

    /// The form of API answers; a value that is absent has no member.
    public var json: JSONValue {
        var object: JSONObject = ["pointer": .text(pointer.description)]
        object["old"] = old
        object["new"] = new
        return .object(object)
    }
}
