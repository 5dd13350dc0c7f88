import HTTPTypes
import JSON

/// An OpenAPI 3.1 document, made from a route table.
struct OpenAPIDocument {
    /// One method of one path.
    struct Entry {
        let method: HTTPRequest.Method
        /// With `{name}` in the places of parameters.
        let path: String
        let parameters: [APIParameter]
        let operation: APIOperation
    }

    let title: String
    let version: String
    let description: String
    let entries: [Entry]
    /// What every request of a method may carry.
    var commonParameters: [HTTPRequest.Method: [APIParameter]] = [:]
    /// The body of every refusal.
    let problem: APIBody

    var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": .text(title), "version": .text(version),
                "description": .text(description),
                "license": ["name": "Apache License 2.0", "identifier": "Apache-2.0"],
            ],
            // Paths are from the root of the server that gave the document out.
            "servers": [["url": "/"]],
            "tags": .array(
                tags.map { ["name": .text($0.name), "description": .text($0.description)] }),
            "paths": .object(paths),
            "components": [
                "responses": ["Problem": problemResponse], "schemas": .object(schemas),
                "securitySchemes": Self.securitySchemes,
            ],
            // Strangers may do what the server's policy gives them.
            "security": [["bearer": []], ["basic": []], [:]],
        ]
    }

    private static let securitySchemes: JSONValue = [
        "bearer": [
            "type": "http", "scheme": "bearer",
            "description": "One of Muster's tokens (RFC 6750).",
        ],
        "basic": [
            "type": "http", "scheme": "basic",
            "description": "An account with its password or one of its tokens (RFC 7617).",
        ],
    ]

    private var tags: [APITag] {
        entries.map(\.operation.tag).reduce(into: []) { tags, tag in
            if !tags.contains(tag) { tags.append(tag) }
        }
    }

    private var paths: JSONObject {
        var paths = JSONObject()
        for entry in entries {
            let path = JSONString(entry.path)
            var item = paths[path]?.object ?? [:]
            if item.isEmpty, !entry.parameters.isEmpty {
                item["parameters"] = .array(entry.parameters.map(\.json))
            }
            item[JSONString(entry.method.rawValue.lowercased())] = operation(of: entry)
            paths[path] = .object(item)
        }
        return paths
    }

    private func operation(of entry: Entry) -> JSONValue {
        let operation = entry.operation
        var object: JSONObject = [
            "operationId": .text(Self.id(of: entry)),
            "tags": [.text(operation.tag.name)],
            "summary": .text(operation.summary),
        ]
        object["description"] = operation.details.map { .text($0) }
        let parameters = operation.parameters + (commonParameters[entry.method] ?? [])
        if !parameters.isEmpty { object["parameters"] = .array(parameters.map(\.json)) }
        if let body = operation.body {
            object["requestBody"] = ["required": .bool(body.isRequired), "content": body.content]
        }
        object["responses"] = responses(of: operation)
        return .object(object)
    }

    private func responses(of operation: APIOperation) -> JSONValue {
        var responses = JSONObject()
        for answer in operation.answers { responses[JSONString("\(answer.status)")] = answer.json }
        for (status, reason) in operation.refusals {
            responses[JSONString("\(status)")] = [
                "description": .text(reason), "content": problem.content,
            ]
        }
        responses["default"] = ["$ref": "#/components/responses/Problem"]
        return .object(responses)
    }

    private var problemResponse: JSONValue {
        [
            "description": "The request was refused; `detail` says why and what to do.",
            "content": problem.content,
        ]
    }

    private var schemas: JSONObject {
        var all: [String: JSONValue] = [:]
        for entry in entries {
            let operation = entry.operation
            let bodies = [operation.body, problem] + operation.answers.map(\.body)
            let schemas =
                (entry.parameters + operation.parameters).map(\.schema)
                + bodies.compactMap(\.self).flatMap { $0.schemas.map(\.value) }
            for schema in schemas { all.merge(schema.components) { first, _ in first } }
        }
        return JSONObject(all.sorted { $0.key < $1.key }.map { (JSONString($0.key), $0.value) })
    }

    /// `post /a/v1/proposals/{number}/merge` is `postProposalsNumberMerge`.
    private static func id(of entry: Entry) -> String {
        let words = entry.path.split { "/{}_-.".contains($0) }.drop { word in
            ["api", "registry", "v1"].contains(word)
        }
        return entry.method.rawValue.lowercased()
            + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
