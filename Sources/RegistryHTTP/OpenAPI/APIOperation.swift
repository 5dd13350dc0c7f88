import HTTPTypes
import JSON

/// What a route says of itself, from which the API's description is made.
struct APIOperation: Sendable {
    /// The chapter of the description.
    let tag: APITag
    /// A line without a full stop: `Lists proposals, newest first`.
    let summary: String
    /// Further sentences.
    let details: String?
    /// Beside those of the path.
    let parameters: [APIParameter]
    let body: APIBody?
    /// What it answers when all is well.
    let answers: [APIAnswer]
    /// Why it may refuse, by status, beside what any route may say.
    let refusals: KeyValuePairs<Int, String>

    init(
        _ tag: APITag, _ summary: String, details: String? = nil,
        parameters: [APIParameter] = [], body: APIBody? = nil, answers: [APIAnswer],
        refusals: KeyValuePairs<Int, String> = [:]
    ) {
        self.tag = tag
        self.summary = summary
        self.details = details
        self.parameters = parameters
        self.body = body
        self.answers = answers
        self.refusals = refusals
    }
}

/// A chapter of an API's description.
struct APITag: Sendable, Hashable {
    let name: String
    let description: String
}

/// A value that a request carries in its path, its query or its fields.
struct APIParameter: Sendable {
    enum Place: String, Sendable { case path, query, header }

    let place: Place
    let name: String
    let schema: APISchema
    let description: String
    let isRequired: Bool

    static func path(_ name: String, _ schema: APISchema, _ description: String) -> APIParameter {
        APIParameter(
            place: .path, name: name, schema: schema, description: description, isRequired: true)
    }

    static func query(
        _ name: String, _ schema: APISchema, _ description: String, isRequired: Bool = false
    ) -> APIParameter {
        APIParameter(
            place: .query, name: name, schema: schema, description: description,
            isRequired: isRequired)
    }

    static func header(
        _ name: String, _ schema: APISchema, _ description: String
    ) -> APIParameter {
        APIParameter(
            place: .header, name: name, schema: schema, description: description,
            isRequired: false)
    }

    var json: JSONValue {
        [
            "name": .text(name), "in": .text(place.rawValue), "required": .bool(isRequired),
            "description": .text(description), "schema": schema.value,
        ]
    }
}

/// A body of a request or an answer, by media type.
struct APIBody: Sendable {
    let schemas: KeyValuePairs<String, APISchema>
    let isRequired: Bool

    static func json(_ schema: APISchema, isRequired: Bool = true) -> APIBody {
        APIBody(schemas: ["application/json": schema], isRequired: isRequired)
    }

    var content: JSONValue {
        .object(JSONObject(schemas.map { (JSONString($0), ["schema": $1.value]) }))
    }
}

/// An answer of an operation that went well.
struct APIAnswer: Sendable {
    let status: Int
    let description: String
    let body: APIBody?
    let headers: KeyValuePairs<String, String>

    init(
        _ status: Int, _ description: String, _ body: APIBody? = nil,
        headers: KeyValuePairs<String, String> = [:]
    ) {
        self.status = status
        self.description = description
        self.body = body
        self.headers = headers
    }

    /// 200 with JSON.
    static func ok(_ schema: APISchema, _ description: String = "Done.") -> APIAnswer {
        APIAnswer(200, description, .json(schema))
    }

    /// 201 with JSON and the place of what was made.
    static func created(_ schema: APISchema, _ description: String = "Made.") -> APIAnswer {
        APIAnswer(
            201, description, .json(schema), headers: ["Location": "The address of what was made."])
    }

    /// 202 with JSON.
    static func accepted(_ schema: APISchema, _ description: String) -> APIAnswer {
        APIAnswer(202, description, .json(schema))
    }

    /// 202 for a write that became a proposal, because the policy wants that.
    static func proposed(_ body: APIBody) -> APIAnswer {
        APIAnswer(
            202, "Proposed: policy.json wants proposals here.", body,
            headers: [
                "Registry-Proposal": "The number of the proposal.", "Location": "Its address.",
            ])
    }

    /// 304 for who has this version.
    static let notModified = APIAnswer(
        304, "The client has this version (`If-None-Match`).", headers: ["ETag": "The version."])

    var json: JSONValue {
        var object: JSONObject = ["description": .text(description)]
        if !headers.isEmpty {
            object["headers"] = .object(
                JSONObject(
                    headers.map { name, text in
                        (
                            JSONString(name),
                            ["description": .text(text), "schema": ["type": "string"]]
                        )
                    }))
        }
        if let body { object["content"] = body.content }
        return .object(object)
    }
}
