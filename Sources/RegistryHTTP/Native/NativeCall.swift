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
    /// The body, where it was read before.
    var received: [UInt8]?
    /// What marks its commit, where the client gave it a key of its own.
    var idempotencyMark: String?

    /// The body, an object; none is `{}`.
    ///
    /// - Throws: ``NativeError``, or ``BodyError`` when the body was not taken.
    func body() async throws -> JSONObject {
        try context.requireWritable()
        let bytes = try await bytes()
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

    /// The bytes of the body.
    ///
    /// - Throws: ``BodyError`` when it was not taken.
    func bytes(most: Int = .max) async throws -> [UInt8] {
        if let received {
            guard received.count <= most else { throw BodyError.tooLarge(limit: most) }
            return received
        }
        return try await readBody(of: request, context: context, most: most)
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
    /// A field that no document of a collection has, named by a parameter; and those that it may
    /// have.
    case unknownField(_ parameter: String, _ field: String, _ known: [JSONString])
    case unknownCollection(String)
    /// The uid in the path is one that no document can have.
    case uid
    /// What a document's body may be.
    case documentType(String)
    case notPatched(Registry.Collection)
    case patchType
    /// Some of many changes make no sense.
    case misread([Misread])
    /// What an `Idempotency-Key` must be.
    case idempotencyKey
    /// A request of this key is being answered.
    case running
    /// The key was used for another request.
    case otherRequest
    /// A member, by its pointer, and what it must be.
    case invalid(String, String)

    var status: HTTPResponse.Status {
        switch self {
        case .otherSite: .forbidden
        case .mediaType, .documentType, .notPatched, .patchType: .unsupportedMediaType
        case .syntax, .parameter, .unknownField: .badRequest
        case .number, .unknownCollection, .uid: .notFound
        case .nothingChanges, .running: .conflict
        case .idempotencyKey: .badRequest
        case .misread, .otherRequest: .unprocessableContent
        case .invalid: .unprocessableContent
        }
    }

    /// One change that could not be read.
    struct Misread: Sendable {
        let index: Int
        let reason: String
    }

    var fields: HTTPFields {
        guard case .patchType = self else { return [:] }
        return [.acceptPatch: "application/merge-patch+json, application/json-patch+json"]
    }

    var explanation: String {
        switch self {
        case .otherSite: "The request comes from a page of another site than this one."
        case .mediaType: "The body must be JSON, with Content-Type: application/json."
        case .syntax(let error): "The body is no JSON: \(error)."
        case .number(let text): "'\(text)' is no number."
        case .unknownCollection(let name):
            "There is no collection \(name); there are "
                + DocumentKind.all.map(\.collection.name).joined(separator: ", ") + "."
        case .uid: "No document can have this uid: 1 to 200 characters, no control characters."
        case .documentType(let types): "The body must be \(types), by its Content-Type."
        case .notPatched(let collection):
            "\(collection) keep their author's text, so they take no patch; PUT the whole text."
        case .patchType:
            "The body must be application/merge-patch+json (RFC 7396) or "
                + "application/json-patch+json (RFC 6902), by its Content-Type."
        case .misread(let errors):
            "\(errors.first?.reason ?? "") "
                + (errors.count > 1 ? "(and \(errors.count - 1) more) " : "")
                + "Nothing was changed."
        case .idempotencyKey:
            "Idempotency-Key must be 1 to 255 printable characters, such as a UUID in quotes."
        case .running:
            "A request with this Idempotency-Key is being answered; try again in a moment."
        case .otherRequest:
            "This Idempotency-Key was used for another request; take a new one for this."
        case .nothingChanges: "The registry is so already; there is nothing to propose."
        case .unknownField(let name, let field, let known):
            "\(name): No document here has a field \(field); there are "
                + Set(["uid"] + known).sorted().map(\.description).joined(separator: ", ") + "."
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

    func has(_ name: JSONString) -> Bool { rest[name].map { !$0.isNull } ?? false }

    /// Any value; null counts as one.
    mutating func value(_ name: JSONString) -> JSONValue? {
        defer { rest[name] = nil }
        return rest[name]
    }

    /// Who acts: the caller who is known, else who the body says, `{"name": "Ada", "email":
    /// "ada@example.org"}`.
    mutating func author(for caller: Caller) throws(NativeError) -> Author {
        let said = try saidAuthor()
        return caller.author ?? said ?? .anonymous
    }

    private mutating func saidAuthor() throws(NativeError) -> Author? {
        guard let object = try object("author") else { return nil }
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

extension HTTPField.Name {
    /// RFC 5789, section 3.1.
    static let acceptPatch = knownName("Accept-Patch")
}
