internal import JSON

/// Reads and judges the bodies of writes, as far as that needs no registry.
enum CratonBody {
    /// The members of a POST of this kind, those that are forgotten left out.
    static func created(_ body: JSONValue, _ kind: CratonKind) throws(CratonRefusal) -> JSONObject {
        let object = try members(of: body)
        var errors: [String] = []
        let fields = kind.fields.filter(\.isSettable)
        let unknown = object.names.filter { name in
            !fields.contains { $0.name == name } && !extras(of: kind).contains(name)
        }
        if !unknown.isEmpty { errors.append(CratonRefusal.unexpected(unknown)) }
        for field in fields {
            guard let value = object[field.name] else {
                if field.isRequired { errors.append("'\(field.name)' is a required property") }
                continue
            }
            errors += self.errors(of: value, field)
        }
        if kind.hasVariables, let variables = object["variables"] {
            errors += self.errors(ofVariables: variables)
        }
        if kind == .hosts, let labels = object["labels"] {
            errors += self.errors(ofTexts: labels)
        }
        guard errors.isEmpty else { throw CratonRefusal(lines: errors) }
        var kept = object
        kept.removeAll { member in kind.fields.contains { $0.isDropped && $0.name == member.name } }
        return kept
    }

    /// The members of a PUT of this kind.
    static func changed(_ body: JSONValue, _ kind: CratonKind) throws(CratonRefusal) -> JSONObject {
        let object = try members(of: body)
        var errors: [String] = []
        let fields = kind.fields.filter(\.isChangeable)
        let unknown = object.names.filter { name in !fields.contains { $0.name == name } }
        if !unknown.isEmpty { errors.append(CratonRefusal.unexpected(unknown)) }
        for field in fields {
            guard let value = object[field.name] else { continue }
            guard field.reference == .parent else {
                errors += self.errors(of: value, field)
                continue
            }
            if !value.isNull, !field.type.holds(value) {
                let shown = value.pythonRepresentation
                errors.append("\(shown) is not valid under any of the given schemas")
            }
        }
        guard errors.isEmpty else { throw CratonRefusal(lines: errors) }
        return object
    }

    /// The variables of a PUT.
    static func variables(_ body: JSONValue) throws(CratonRefusal) -> JSONObject {
        let errors = errors(ofVariables: body)
        guard errors.isEmpty, let object = body.object else { throw CratonRefusal(lines: errors) }
        return object
    }

    /// The names of a DELETE of variables.
    static func names(_ body: JSONValue) throws(CratonRefusal) -> [JSONString] {
        let errors = errors(ofTexts: body, isBounded: false)
        guard errors.isEmpty else { throw CratonRefusal(lines: errors) }
        return body.array?.compactMap(\.string) ?? []
    }

    /// The labels of a PUT or DELETE.
    static func labels(_ body: JSONValue) throws(CratonRefusal) -> [String] {
        let object = try members(of: body)
        var errors: [String] = []
        let unknown = object.names.filter { $0 != "labels" }
        if !unknown.isEmpty { errors.append(CratonRefusal.unexpected(unknown)) }
        if let labels = object["labels"] {
            errors += self.errors(ofTexts: labels)
        } else {
            errors.append("'labels' is a required property")
        }
        guard errors.isEmpty else { throw CratonRefusal(lines: errors) }
        return object["labels"]?.array?.compactMap(\.text) ?? []
    }

    private static func members(of body: JSONValue) throws(CratonRefusal) -> JSONObject {
        guard let object = body.object else {
            throw CratonRefusal(lines: [CratonRefusal.wrongType(body, .object)])
        }
        return object
    }

    private static func extras(of kind: CratonKind) -> [JSONString] {
        (kind.hasVariables ? ["variables"] : []) + (kind == .hosts ? ["labels"] : [])
    }

    private static func errors(of value: JSONValue, _ field: CratonField) -> [String] {
        if case .reference(.project) = field.form {
            return value.string == nil ? [CratonRefusal.wrongType(value, .string)] : []
        }
        guard field.type.holds(value) else { return [CratonRefusal.wrongType(value, field.type)] }
        let shown = value.pythonRepresentation
        switch field.form {
        case .text(let maximum):
            return errors(ofText: value, maximum: maximum)
        case .address:
            return field.accepts(value) ? [] : ["\(shown) is not an IPv4 or IPv6 address"]
        case .integer, .reference:
            return value.int == nil ? ["\(shown) is too large"] : []
        case .boolean, .dropped: return []
        }
    }

    private static func errors(ofText value: JSONValue, maximum: Int) -> [String] {
        let shown = value.pythonRepresentation
        guard let text = value.storableText else { return ["\(shown) cannot be stored as text"] }
        return text.unicodeScalars.count > maximum
            ? ["\(shown) is longer than \(maximum) characters"] : []
    }

    private static func errors(ofVariables value: JSONValue) -> [String] {
        guard let object = value.object else { return [CratonRefusal.wrongType(value, .object)] }
        var errors: [String] = []
        for name in object.names {
            if name.isEmpty { errors.append("'' does not match any of the regexes: '^.+'") }
            if !name.isEmpty, !ItemVariables.isName(name) {
                errors.append("The name of a variable has at most 255 characters")
            }
        }
        return errors
    }

    private static func errors(ofTexts value: JSONValue, isBounded: Bool = true) -> [String] {
        guard let array = value.array else { return [CratonRefusal.wrongType(value, .array)] }
        return array.flatMap { element -> [String] in
            guard element.string != nil else { return [CratonRefusal.wrongType(element, .string)] }
            return isBounded ? errors(ofText: element, maximum: ItemVariables.maximumLength) : []
        }
    }
}
