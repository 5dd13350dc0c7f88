public import Hummingbird
import HTTPTypes
import JSON
import Registry
import RegistryStore
public import StateStore

/// The inventory API of OpenStack Craton, below `/v1/`.
public struct CratonDialect: Dialect {
    public let name = "craton"
    public let prefixes = ["/v1/"]
    let services: Services
    let credentials: CredentialStore

    public init(_ services: Services, credentials: CredentialStore) {
        self.services = services
        self.credentials = credentials
        services.store.index.current.prepareCratonLists()
    }

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        do {
            // Nothing is said to those who do not say who they are, not even that a path is none.
            let caller = try await caller(of: request)
            let segments = path.segments.dropFirst()
            guard let route = Self.routes.first(where: { $0.matches(segments) }) else {
                return .craton(.notFound, "Not Found")
            }
            let call = CratonCall(
                request: request, path: path, context: context, services: services, route: route,
                id: route.id(in: segments) ?? "", caller: caller)
            return try await respond(to: call)
        } catch let refusal as CratonRefusal {
            return .craton(refusal)
        } catch let error as CratonBodyError {
            return .craton(.badRequest, error.explanation)
        } catch RegistryError.invalid(_, let document) {
            return .craton(.badRequest, "\(document)")
        } catch let error as RegistryError where error.wantsMessage {
            return .craton(.badRequest, error.explanation)
        } catch let error as any AnswerableError {
            return .craton(error.status, error.explanation, headers: error.fields)
        }
    }

    public func refuse(
        _ request: Request, path: RawPath, context: AppRequestContext,
        because error: any AnswerableError
    ) async -> Response {
        do throws(CratonRefusal) {
            // Strangers learn nothing, of other times neither.
            if !(error is AuthenticationError) { _ = try await caller(of: request) }
        } catch {
            return .craton(error)
        }
        return .craton(error.status, error.explanation, headers: error.fields)
    }

    private func respond(to call: CratonCall) async throws -> Response {
        if call.request.method == .options {
            return .empty(.ok, headers: [.allow: call.route.allow])
        }
        guard let handler = call.route.handler(for: call.request.method) else {
            return .craton(
                .methodNotAllowed,
                "The method \(call.request.method.rawValue) is not allowed for this resource.",
                headers: [.allow: call.route.allow])
        }
        return try await handler(self)(call)
    }

    /// Who asks, by the three header fields; looked up in what is served now, whatever `at` names.
    private func caller(of request: Request) async throws(CratonRefusal) -> CratonCaller {
        let given = request.headers[.authProject]
        guard let project = given.flatMap({ canonicalUUID($0) }) else {
            throw CratonRefusal(401, "Project ID ('\(given ?? "None")') is not a valid UUID")
        }
        let snapshot = services.store.index.shared.snapshot
        if let name = request.headers[.authUser], let key = request.headers[.authToken] {
            let named = snapshot.cratonCallers(name, in: project)
            for caller in named where try await holds(key, caller) { return caller }
            if named.isEmpty { await credentials.refuse(key) }
        }
        throw CratonRefusal(401, "The request could not be authenticated.")
    }

    private func holds(
        _ key: String, _ caller: CratonCaller
    ) async throws(CratonRefusal) -> Bool {
        do throws(PasswordsBusy) {
            return try await credentials.holds(key, of: caller.user)
        } catch {
            throw CratonRefusal(
                503, "The server is checking as many keys as it can; try again in a moment.")
        }
    }
}

extension HTTPField.Name {
    static let authProject = knownName("X-Auth-Project")
    static let authUser = knownName("X-Auth-User")
    static let authToken = knownName("X-Auth-Token")
}

extension Response {
    /// An answer in the layout of the original.
    static func craton(
        _ status: HTTPResponse.Status, _ body: JSONValue, headers: HTTPFields = [:]
    ) -> Response {
        .json(status, body.pythonDocumentBytes(), headers: headers)
    }

    /// `{"message": "...", "status": 404}`
    static func craton(
        _ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:]
    ) -> Response {
        .craton(
            status,
            ["message": .text(message), "status": .number(JSONNumber(status.code))] as JSONValue,
            headers: headers)
    }

    static func craton(_ refusal: CratonRefusal) -> Response {
        .craton(HTTPResponse.Status(code: refusal.status), refusal.message)
    }
}
