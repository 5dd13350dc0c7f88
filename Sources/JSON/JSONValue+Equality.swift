// Values may be as deep as a parser allows, and stacks of other threads are small: nothing here
// calls itself.

extension JSONValue: Hashable {
    /// Members in the same order, numbers by their text.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        isEqual(left, right) { left, right in
            for (left, right) in zip(left, right) where left.name != right.name { return nil }
            return zip(left, right).map { ($0.value, $1.value) }
        }
    }

    /// Whether the values are equal when the order of members does not matter.
    public func isEquivalent(to other: JSONValue) -> Bool {
        Self.isEqual(self, other, paired: Self.pairedByName)
    }

    /// The same, and `1`, `1.0` and `10e-1` are one number (RFC 6902, section 4.6).
    public func hasSameValue(as other: JSONValue) -> Bool {
        Self.isEqual(
            self, other, numbers: { $0.hasSameValue(as: $1) }, paired: Self.pairedByName)
    }

    private static func pairedByName(
        _ left: JSONObject, _ right: JSONObject
    ) -> [(JSONValue, JSONValue)]? {
        var pairs: [(JSONValue, JSONValue)] = []
        pairs.reserveCapacity(left.count)
        for (name, value) in left {
            guard let counterpart = right[name] else { return nil }
            pairs.append((value, counterpart))
        }
        return pairs
    }

    public func hash(into hasher: inout Hasher) {
        var waiting = [self]
        while let value = waiting.popLast() {
            switch value {
            case .null: hasher.combine(0)
            case .bool(let bool): hasher.combine(bool)
            case .number(let number): hasher.combine(number)
            case .string(let string): hasher.combine(string)
            case .array(let elements):
                hasher.combine(elements.count)
                waiting += elements
            case .object(let object):
                hasher.combine(object.count)
                for name in object.names { hasher.combine(name) }
                waiting += object.members.map(\.value)
            }
        }
    }

    /// Compares without recursion.
    ///
    /// - Parameter paired: the values to compare of two objects of one count; nil when their names
    ///   differ.
    private static func isEqual(
        _ left: JSONValue, _ right: JSONValue,
        numbers: (JSONNumber, JSONNumber) -> Bool = { $0 == $1 },
        paired: (JSONObject, JSONObject) -> [(JSONValue, JSONValue)]?
    ) -> Bool {
        var waiting: [(JSONValue, JSONValue)] = []
        var pair: (JSONValue, JSONValue)? = (left, right)
        while let (left, right) = pair {
            switch (left, right) {
            case (.null, .null): break
            case (.bool(let left), .bool(let right)): guard left == right else { return false }
            case (.number(let left), .number(let right)):
                guard numbers(left, right) else { return false }
            case (.string(let left), .string(let right)): guard left == right else { return false }
            case (.array(let left), .array(let right)):
                guard left.count == right.count else { return false }
                waiting += zip(left, right)
            case (.object(let left), .object(let right)):
                guard left.count == right.count, let pairs = paired(left, right) else {
                    return false
                }
                waiting += pairs
            default: return false
            }
            pair = waiting.popLast()
        }
        return true
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        JSONValue.object(left) == .object(right)
    }

    public func hash(into hasher: inout Hasher) { JSONValue.object(self).hash(into: &hasher) }
}
