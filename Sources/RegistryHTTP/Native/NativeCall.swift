import HTTPTypes
import Hummingbird
import JSON
import Registry

/// One request to the native API.
struct NativeCall: Sendable {
    let request: Request
    let path: RawPath
    let context: AppRequestContext
    let services: Services
    /// What the path has in the places of `<name>`.
    let values: [String: String]

    /// The body, an object; none is `{}`.
    ///
    /// - Throws: ``NativeError``, or ``BodyError`` when the body was not taken.
    func body() async throws -> JSONObject {
        try context.requireWritable()
        let bytes = try await readBody(of: request, context: context)
        guard !bytes.isEmpty else { return [:] }
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
        guard type == "application/json" || type == "application/merge-patch+json" else {
            throw NativeError.mediaType
        }
        do {
            let value = try JSONValue(parsing: bytes, options: .document)
            guard let object = value.object else {
                throw NativeError.invalid("", "The body must be an object.")
            }
            return object
        } catch let error as JSONSyntaxError {
            throw NativeError.syntax(error)
        }
    }

    /// The number of a proposal in the path.
    var number: Int {
        get throws {
            let text = values["number"] ?? ""
            guard let number = Int(text), number > 0 else { throw NativeError.number(text) }
            return number
        }
    }

    /// An answer of JSON with a line end, for people at a terminal.
    func answer(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        .json(status, value.canonicalBytes(), headers: headers)
    }

    /// The address of a path below the API's own.
    func location(_ path: String) -> String { context.baseURL + NativeDialect.base + path }
}

/// What is wrong with a request to the native API.
enum NativeError: AnswerableError {
    /// A page of another site made a browser send it.
    case otherSite
    case mediaType
    case syntax(JSONSyntaxError)
    /// The number of something is none.
    case number(String)
    /// What is to be proposed is so already.
    case nothingChanges
    /// A parameter of the query or a field, and what it must be.
    case parameter(String, String)
    /// A member, by its pointer, and what it must be.
    case invalid(String, String)

    var status: HTTPResponse.Status {
        switch self {
        case .otherSite: .forbidden
        case .mediaType: .unsupportedMediaType
        case .syntax, .parameter: .badRequest
        case .number: .notFound
        case .nothingChanges: .conflict
        case .invalid: .unprocessableContent
        }
    }

    var explanation: String {
        switch self {
        case .otherSite: "The request comes from a page of another site than this one."
        case .mediaType: "The body must be JSON, with Content-Type: application/json."
        case .syntax(let error): "The body is no JSON: \(error)."
        case .number(let text): "'\(text)' is no number."
        case .nothingChanges: "The registry is so already; there is nothing to propose."
        case .parameter(let name, let reason): "\(name): \(reason)"
        case .invalid(let pointer, let reason): pointer.isEmpty ? reason : "\(pointer): \(reason)"
        }
    }
}

/// Reads the members of a body by name, and refuses those that nobody asked for.
struct BodyReader {
    private var rest: JSONObject
    private let place: String

    init(_ object: JSONObject, at place: String = "") {
        rest = object
        self.place = place
    }

    mutating func text(_ name: JSONString) throws(NativeError) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.text else { throw invalid(name, "Must be a string.") }
        return text
    }

    mutating func array(_ name: JSONString) throws(NativeError) -> [JSONValue]? {
        guard let value = take(name) else { return nil }
        guard let array = value.array else { throw invalid(name, "Must be a list.") }
        return array
    }

    mutating func object(_ name: JSONString) throws(NativeError) -> JSONObject? {
        guard let value = take(name) else { return nil }
        guard let object = value.object else { throw invalid(name, "Must be an object.") }
        return object
    }

    mutating func bool(_ name: JSONString) throws(NativeError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let bool) = value else { throw invalid(name, "Must be true or false.") }
        return bool
    }

    /// A commit's id.
    mutating func revision(_ name: JSONString) throws(NativeError) -> Revision? {
        guard let text = try text(name) else { return nil }
        guard let revision = Revision(hex: text) else {
            throw invalid(name, "Must be the 40 hex digits of a commit.")
        }
        return revision
    }

    /// Any value; null counts as one.
    mutating func value(_ name: JSONString) -> JSONValue? {
        defer { rest[name] = nil }
        return rest[name]
    }

    /// Who acts, `{"name": "Ada", "email": "ada@example.org"}`; the API asks for no login.
    mutating func author() throws(NativeError) -> Author {
        guard let object = try object("author") else { return .anonymous }
        var reader = BodyReader(object, at: "\(place)/author")
        guard let name = try reader.text("name"), !name.isEmpty else {
            throw reader.invalid("name", "Must be a string.")
        }
        let email = try reader.text("email")
        guard
            email?.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != "<" && $0 != ">" }) != false
        else { throw reader.invalid("email", "Must be an address.") }
        try reader.finish()
        return Author(named: name, email: email)
    }

    func finish() throws(NativeError) {
        guard let name = rest.members.first?.name else { return }
        throw invalid(name, "There is no such member.")
    }

    func invalid(_ name: JSONString, _ reason: String) -> NativeError {
        .invalid("\(place)\(JSONPointer(tokens: [name]))", reason)
    }

    /// A member that is not null.
    private mutating func take(_ name: JSONString) -> JSONValue? {
        guard let value = value(name), !value.isNull else { return nil }
        return value
    }
}

extension Author {
    /// A person who says a name, and perhaps an address.
    init(named name: String, email: String? = nil) {
        let id = name.unicodeScalars.map { $0.isASCII && $0.properties.isAlphabetic ? $0 : "-" }
        let local = String(String.UnicodeScalarView(id)).lowercased()
        self.init(
            name: name, email: email.flatMap { $0.isEmpty ? nil : $0 } ?? "\(local)@muster.invalid")
    }
}
