import JSON

/// What a value of an API looks like: a JSON Schema (2020-12), as OpenAPI 3.1 has it.
///
///     static let person = APISchema.named(
///         "Person", .object(["name": .text, "email?": .text, "seen": .date.orNull]))
struct APISchema: Sendable {
    let value: JSONValue
    /// The named schemas that it refers to, and those that they refer to.
    let components: [String: JSONValue]

    init(_ value: JSONValue, components: [String: JSONValue] = [:]) {
        self.value = value
        self.components = components
    }

    static let any = APISchema(true)
    static let text = APISchema(["type": "string"])
    static let bool = APISchema(["type": "boolean"])
    static let integer = APISchema(["type": "integer"])
    static let count = APISchema(["type": "integer", "minimum": 0])
    /// An object with any members.
    static let anyObject = APISchema(["type": "object"])
    static let date = APISchema(["type": "string", "format": "date-time"])
    /// The 40 hex digits of a commit, a tree or a blob.
    static let revision = APISchema(["type": "string", "pattern": "^[0-9a-f]{40}$"])
    /// A place in a document (RFC 6901).
    static let pointer = APISchema(["type": "string", "format": "json-pointer"])
        .described("A place in the document (RFC 6901).")
    /// A document, as commit subjects name it.
    static let uid = APISchema(["type": "string", "minLength": 1, "maxLength": 200])

    static func list(of element: APISchema) -> APISchema {
        APISchema(["type": "array", "items": element.value], components: element.components)
    }

    /// One of these words.
    static func word(_ words: String...) -> APISchema { .word(among: words) }

    static func word(among words: [String]) -> APISchema {
        APISchema(["type": "string", "enum": .array(words.map { .text($0) })])
    }

    /// Exactly one of these.
    static func either(_ schemas: APISchema...) -> APISchema {
        APISchema(
            ["anyOf": .array(schemas.map(\.value))], components: merged(schemas.map(\.components)))
    }

    /// An object of these members and no others; a name that ends with `?` need not be there.
    static func object(
        _ members: KeyValuePairs<String, APISchema>,
        and more: KeyValuePairs<String, APISchema> = [:]
    ) -> APISchema {
        let members = Array(members) + Array(more)
        var properties = JSONObject()
        var required: [JSONValue] = []
        for (name, schema) in members {
            let isOptional = name.hasSuffix("?")
            let own = isOptional ? String(name.dropLast()) : name
            properties[JSONString(own)] = schema.value
            if !isOptional { required.append(.text(own)) }
        }
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { object["required"] = .array(required) }
        object["additionalProperties"] = false
        return APISchema(.object(object), components: merged(members.map { $1.components }))
    }

    /// An object whose members may have any name.
    static func map(of element: APISchema) -> APISchema {
        APISchema(
            ["type": "object", "additionalProperties": element.value],
            components: element.components)
    }

    /// The schema under a name of its own, to which others refer.
    static func named(_ name: String, _ schema: APISchema) -> APISchema {
        APISchema(
            ["$ref": .text("#/components/schemas/\(name)")],
            components: merged([schema.components, [name: schema.value]]))
    }

    /// The same, or null.
    var orNull: APISchema {
        APISchema(["anyOf": [value, ["type": "null"]]], components: components)
    }

    func described(_ text: String) -> APISchema { with("description", .text(text)) }

    /// With a keyword more, such as `default` or `minimum`.
    func with(_ keyword: JSONString, _ setting: JSONValue) -> APISchema {
        var object = value.object ?? [:]
        object[keyword] = setting
        return APISchema(.object(object), components: components)
    }

    private static func merged(_ all: [[String: JSONValue]]) -> [String: JSONValue] {
        all.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
}
