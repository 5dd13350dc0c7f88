public import JSON

extension JSONValue {
    /// A few words for a person: a scalar as JSON, a container by what it holds.
    ///
    /// - Parameter limit: how many characters of a text are shown.
    public func summary(limit: Int = 80) -> String {
        switch self {
        case .array(let elements): arraySummary(elements, limit)
        case .object(let object): objectSummary(object, limit)
        case .string(let string): Self.cut(.string(string), limit)
        default: Self.cut(self, limit)
        }
    }

    private func arraySummary(_ elements: [JSONValue], _ limit: Int) -> String {
        if elements.isEmpty { return "[]" }
        let isShort = elements.count <= 4 && elements.allSatisfy(\.isScalar)
        if isShort {
            return "[" + elements.map { $0.summary(limit: limit) }.joined(separator: ", ") + "]"
        }
        return elements.count == 1 ? "a list of 1" : "a list of \(elements.count)"
    }

    private func objectSummary(_ object: JSONObject, _ limit: Int) -> String {
        if object.isEmpty { return "{}" }
        for name in ["title", "name", "uid", "id", "refId"] as [JSONString] {
            guard let value = object[name], value.isScalar, !value.isNull else { continue }
            return "{\(name): \(value.summary(limit: limit)), …}"
        }
        return object.count == 1 ? "an object of 1 member" : "an object of \(object.count) members"
    }

    private var isScalar: Bool { array == nil && object == nil }

    /// The compact text, which has no control characters, up to a limit.
    private static func cut(_ value: JSONValue, _ limit: Int) -> String {
        if let string = value.string, string.unicodeScalarCount > limit, let text = string.string {
            let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
            return JSONValue.text(start + "…").description
        }
        let text = value.description
        guard text.unicodeScalars.count > limit + 2, value.string == nil else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
    }
}
