import HTTPTypes
public import Hummingbird
import Registry

/// Gives each request to the dialect that owns its path.
struct DialectResponder: Sendable {
    /// Longest prefix first; dialects with the same prefix in the order given.
    private let mounts: [(prefix: String, dialect: any Dialect)]

    init(_ dialects: [any Dialect]) {
        let mounts = dialects.flatMap { dialect in dialect.prefixes.map { ($0, dialect) } }
        let longestFirst = mounts.enumerated().sorted { left, right in
            (-left.element.0.utf8.count, left.offset) < (-right.element.0.utf8.count, right.offset)
        }
        self.mounts = longestFirst.map(\.element)
    }

    /// - Parameter path: that of the request.
    func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response {
        // The overview is for people; programs that look at the root learn that nothing is there.
        guard path.raw != "/" || request.acceptsHTML else { return .unknownPath }
        for (prefix, dialect) in mounts where path.raw.utf8.starts(with: prefix.utf8) {
            context.record.dialect = dialect.name
            if let response = try await dialect.respond(
                to: request, path: path, context: context)
            {
                return response
            }
        }
        context.record.dialect = "none"
        return .unknownPath
    }

    /// Refuses a request whose sender may not have what it asks for, before anything is looked at.
    ///
    /// - Parameter path: that of the request.
    func judge(
        _ request: Request, path: RawPath, context: AppRequestContext
    ) throws(RegistryError) {
        guard !context.caller.isUnrestricted else { return }
        guard path.raw != "/" || request.acceptsHTML else { return }
        for (prefix, dialect) in mounts where path.raw.utf8.starts(with: prefix.utf8) {
            guard let need = dialect.need(of: request, path: path, context: context) else {
                continue
            }
            context.record.access.door = dialect.door
            return try context.require(need)
        }
    }

    /// The answer to an error, by the dialect that owns the path.
    func refuse(
        _ request: Request, context: AppRequestContext, because error: any Error
    ) async -> Response {
        let path = RawPath(target: request.head.path ?? "/")
        let owner = mounts.first { path.raw.utf8.starts(with: $0.prefix.utf8) }?.dialect
        guard let error = error as? any AnswerableError, let owner else {
            return .unhandled(error, request, context)
        }
        context.record.dialect = owner.name
        return await owner.refuse(request, path: path, context: context, because: error)
    }
}

extension Response {
    /// What is answered outside every dialect; browsers get a page.
    static var unknownPath: Response {
        var headers = HTTPFields()
        headers.append(.varyAccept)
        return .message(.notFound, "Not Found", headers: headers)
    }
}

extension HTTPField {
    /// Whether `Accept` names `text/html` decides about an answer.
    static let varyAccept = HTTPField(name: .vary, value: "Accept")
}

extension Request {
    /// Whether `Accept` names `text/html`; a wildcard does not.
    public var acceptsHTML: Bool {
        headers[values: .accept].contains { field in
            field.split(separator: ",").contains { range in
                let type = range.prefix { $0 != ";" }.lowercased()
                return type.split(separator: " ").first == "text/html"
            }
        }
    }
}
