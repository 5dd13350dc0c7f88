import HTTPTypes
public import Hummingbird
import Registry
import RegistryStore

/// The registry as git clients see it: `/registry.git` and `/backup.bundle`.
///
/// git's own programs answer; this hands them the request and hands on what they say, both as it
/// comes. Neither a clone nor a push is ever in memory as a whole.
public struct GitDialect: Dialect {
    public let name = "git"
    public let prefixes = ["/registry.git", "/backup.bundle"]
    let services: Services
    let processes = GitProcesses(limit: 16)

    public init(_ services: Services) { self.services = services }

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        do {
            switch path.raw {
            case "/registry.git", "/registry.git/":
                return .address(of: request, context)
            case "/registry.git/info/refs":
                return try await references(request, path, context)
            case "/registry.git/git-upload-pack", "/registry.git/git-receive-pack":
                return try await exchange(request, path, context)
            case "/backup.bundle":
                return try await bundle(request, context)
            default:
                return path.raw.hasPrefix("/registry.git/") ? .noSuchFile(context) : nil
            }
        } catch let error as GitTransportError {
            return .text(error.status, "\(error)\n", headers: error.fields)
        }
    }

    /// The beginning of every clone, fetch and push: what is there.
    private func references(
        _ request: Request, _ path: RawPath, _ context: AppRequestContext
    ) async throws -> Response {
        guard request.method == .get else { return .notAllowed("GET, HEAD") }
        guard let name = path.query.last(of: "service"), let service = GitService(rawValue: name)
        else { return .noSuchFile(context) }
        try requireService(service, context)
        guard !context.isHead else {
            let type = "application/x-\(service.rawValue)-advertisement"
            return .empty(.ok, headers: [.contentType: type, .cacheControl: "no-cache"])
        }
        return try await backend(request, path, context)
    }

    /// One step of a clone, fetch or push.
    private func exchange(
        _ request: Request, _ path: RawPath, _ context: AppRequestContext
    ) async throws -> Response {
        guard request.method == .post else { return .notAllowed("POST") }
        if path.raw.hasSuffix(GitService.receivePack.rawValue) {
            try requireService(.receivePack, context)
        }
        return try await backend(request, path, context)
    }

    private func requireService(
        _ service: GitService, _ context: AppRequestContext
    ) throws(GitTransportError) {
        guard service == .receivePack, context.configuration.isReadOnly else { return }
        throw .readOnly
    }

    private func backend(
        _ request: Request, _ path: RawPath, _ context: AppRequestContext
    ) async throws -> Response {
        let program = GitProgram.backend(
            store: services.store, request: request, path: path, context: context)
        let body = request.method == .post ? request.body : nil
        let process = try processes.start(program, body: body, context)
        return try await process.response()
    }
}

/// What a git client can ask for.
enum GitService: String {
    case uploadPack = "git-upload-pack"
    case receivePack = "git-receive-pack"
}

/// Why git was not asked, or did not answer; each description is one line that git shows.
enum GitTransportError: Error, Hashable, CustomStringConvertible {
    case readOnly
    case busy(limit: Int)
    case empty
    case failed

    var description: String {
        switch self {
        case .readOnly: "This server was started read-only: it takes no push."
        case .busy(let limit):
            "The server runs \(limit) git programs, as many as it may; try again in a moment."
        case .empty: "The registry has no commit yet, so there is nothing to back up."
        case .failed: "git failed on the server; its log has the reason."
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .readOnly: .forbidden
        case .busy: .serviceUnavailable
        case .empty: .notFound
        case .failed: .internalServerError
        }
    }

    var fields: HTTPFields {
        if case .busy = self { return [.retryAfter: "2"] }
        return [:]
    }
}

extension Response {
    /// People who open the clone's address in a browser are shown where it is explained.
    fileprivate static func address(of request: Request, _ context: AppRequestContext) -> Response {
        guard request.acceptsHTML else { return .noSuchFile(context) }
        return .empty(.found, headers: [.location: context.prefix + "/overview#clone"])
    }

    /// git itself is answered by three paths; nothing else is here.
    fileprivate static func noSuchFile(_ context: AppRequestContext) -> Response {
        .text(
            .notFound,
            "This is the registry for git clients: git clone \(context.baseURL)/registry.git\n")
    }

    static func notAllowed(_ methods: String) -> Response {
        .text(.methodNotAllowed, "Method Not Allowed\n", headers: [.allow: methods])
    }
}
