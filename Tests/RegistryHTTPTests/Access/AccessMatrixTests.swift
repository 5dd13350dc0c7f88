import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Registry
import RegistryHTML
import RegistryStore
import StateStore
import Testing

@testable import RegistryHTTP

/// One method of one path, of any dialect.
struct AskedRoute: Hashable, CustomStringConvertible {
    let method: HTTPRequest.Method
    let path: String

    init(_ method: HTTPRequest.Method, _ path: String) {
        self.method = method
        self.path = path
    }

    var description: String { "\(method) \(path)" }

    /// Every route of the dialects' tables, with a device in the place of each uid.
    static let all: [AskedRoute] = cos + native + pages + craton + others

    static let cos = CosDialect.routes.flatMap { route in
        route.methods.map { AskedRoute($0, "/api/v1/" + route.path(writingUIDAs: "robot-1")) }
    }

    static let native = NativeDialect.routes.map { route in
        let values = ["collection": "devices", "uid": "robot-1", "number": "1", "id": "HEAD"]
        let segments = route.templatePath.split(separator: "/").map { segment in
            segment.first == "{"
                ? values[segment.filter { !"{}".contains($0) }] ?? "x" : "\(segment)"
        }
        return AskedRoute(route.method, NativeDialect.base + segments.joined(separator: "/"))
    }

    static let pages = PagesDialect.routes.map { route in
        AskedRoute(route.method, route.path.replacingOccurrences(of: "<uid>", with: "robot-1"))
    }

    static let craton = CratonDialect.routes.flatMap { route in
        route.methods.map { method in
            AskedRoute(method, "/v1/" + route.path.replacingOccurrences(of: "<id>", with: "1"))
        }
    }

    static let others = [
        AskedRoute(.get, "/registry.git/info/refs?service=git-upload-pack"),
        AskedRoute(.get, "/registry.git/info/refs?service=git-receive-pack"),
        AskedRoute(.post, "/registry.git/git-upload-pack"),
        AskedRoute(.post, "/registry.git/git-receive-pack"), AskedRoute(.get, "/backup.bundle"),
        AskedRoute(.get, "/metrics"), AskedRoute(.get, "/healthz"), AskedRoute(.get, "/readyz"),
        AskedRoute(.get, NativeDialect.descriptionPath),
    ]

    /// Says nothing of the registry, or is proved by something else than a login.
    var isForEverybody: Bool {
        let known = [
            "GET /api/v1/health/", "GET /api/v1/schema/", "GET /api/v1/docs/", "GET /healthz",
            "GET /readyz", "GET \(NativeDialect.descriptionPath)", "GET /static/robot-1",
            "GET /favicon.ico", "GET /api-reference/", "GET /login", "POST /login",
            "POST /logout", "GET /new-password", "POST /new-password",
            "GET \(NativeDialect.base)access", "POST \(NativeDialect.base)upstream/webhook",
        ]
        return known.contains(description)
    }

    /// About the caller's own account, whatever its rights.
    var isOwnAccount: Bool {
        path.hasPrefix("/account/") || path.hasPrefix(NativeDialect.base + "access/")
    }

    /// A look at what only administrators see.
    var isPrivileged: Bool { path.contains("webhooks") || path.hasPrefix("/accounts/") }

    /// What exactly it changes is in its body, which is judged when it has come.
    var isJudgedLater: Bool {
        let base = NativeDialect.base
        let known = [
            "POST /api/v1/devices/", "POST \(base)documents/bulk",
            "POST \(base)documents/devices/robot-1/restore", "POST \(base)revert",
            "POST \(base)edits/commit", "POST \(base)edits/discard", "POST \(base)proposals",
            "PATCH \(base)proposals/1", "POST \(base)proposals/1/comments",
            "POST \(base)proposals/1/close", "POST \(base)proposals/1/reopen",
            "GET /registry.git/info/refs?service=git-receive-pack",
            "POST /registry.git/git-receive-pack", "POST /proposals/robot-1/comment",
            "POST /proposals/robot-1/judge", "POST /repository/edits/commit",
            "POST /repository/edits/discard", "POST /repository/undo",
        ]
        return known.contains(description)
    }

    /// Craton's own login comes on top of all others.
    var isCraton: Bool { path.hasPrefix("/v1/") }

    /// What goes on to git's own program, which wants a body; the first step tells who may.
    var isGitExchange: Bool { method == .post && path.hasPrefix("/registry.git/") }

    /// An answer that goes on for ever.
    var isStream: Bool { path == NativeDialect.base + "events" }
}

@Suite("Every route of every dialect, by who asks")
struct AccessMatrixTests {
    private let server: AccountsServer

    init() async throws { server = try await AccountsServer() }

    @Test("the tables name every route once, and no route is left out")
    func complete() {
        #expect(AskedRoute.all.count > 150)
        #expect(Set(AskedRoute.all).count == AskedRoute.all.count)
        let wanted = ["/devices/", "/repository/undo", "/v1/hosts", "/api/v1/devices/"]
        for path in wanted { #expect(AskedRoute.all.contains { $0.path == path }, "\(path)") }
    }

    @Test("strangers get nothing but what is for everybody")
    func strangers() async throws {
        for route in AskedRoute.all {
            let (status, body) = try await server.answer(to: route, with: nil)
            if route.isForEverybody {
                #expect(!isDenied(route, status, body), "\(route): \(status)")
            } else {
                #expect(isUnknown(route, status), "\(route): \(status)")
            }
        }
    }

    @Test("an expired token is refused on every route")
    func expiredToken() async throws {
        let expired = try server.token(AccessScope.everything, isExpired: true)
        for route in AskedRoute.all {
            let status = try await server.status(of: route, with: expired)
            #expect(isUnknown(route, status), "\(route): \(status)")
        }
    }

    @Test("a token that nobody has is refused on every route")
    func wrongToken() async throws {
        // Who shows more wrong ones has to wait.
        for start in stride(from: 0, to: AskedRoute.all.count, by: 18) {
            let server = try await AccountsServer()
            for route in AskedRoute.all[start...].prefix(18) {
                let token = "muster_" + String(repeating: "a", count: 64)
                let status = try await server.status(of: route, with: token)
                #expect(isUnknown(route, status), "\(route): \(status)")
            }
        }
    }

    @Test("a token for reading reads, and changes nothing")
    func readOnly() async throws {
        let token = try server.token(AccessScope(rights: [.read]))
        for route in AskedRoute.all
        where !route.isForEverybody && !route.isOwnAccount && !route.isStream && !route.isCraton
            && !route.isGitExchange
        {
            let status = try await server.status(of: route, with: token)
            let isAllowed =
                route.method == .get && !route.isPrivileged && !route.path.contains("receive-pack")
            if isAllowed {
                #expect(status != 401 && status != 403, "\(route): \(status)")
            } else {
                #expect(status == 403, "\(route): \(status)")
            }
        }
    }

    @Test("another device's token gets at nothing")
    func otherDevice() async throws {
        let device = try #require(DocumentID("robot-2"))
        let token = try server.token(AccessScope(device: device))
        for route in AskedRoute.all
        where !route.isForEverybody && !route.isOwnAccount && !route.isCraton {
            let status = try await server.status(of: route, with: token)
            if route.isJudgedLater {
                // git's advertisement says where the branches are; what is pushed is judged.
                let isGit = route.path.hasPrefix("/registry.git")
                #expect((400..<500).contains(status) || isGit, "\(route): \(status)")
            } else {
                #expect(status == 403, "\(route): \(status)")
            }
        }
        #expect(try await server.holdsDevice())
    }

    @Test("the right token gets in everywhere")
    func rightToken() async throws {
        let token = try server.token(.everything)
        let last = AskedRoute.all.filter { $0.method == .delete }
        for route in AskedRoute.all.filter({ $0.method != .delete }) + last
        where !route.isStream && !route.isCraton && !route.isOwnAccount && !route.isGitExchange {
            let (status, body) = try await server.answer(to: route, with: token)
            if route.path.hasPrefix("/accounts/") {
                // A token that makes accounts could make itself one that nobody revokes.
                #expect(status == 403, "\(route): \(status)")
            } else {
                #expect(!isDenied(route, status, body), "\(route): \(status) \(body.prefix(200))")
            }
        }
    }

    /// Whether somebody is turned away; forms are taken alone from the pages that have shown them.
    private func isDenied(_ route: AskedRoute, _ status: Int, _ body: String) -> Bool {
        if route.method == .post, status == 403, body.contains("form") { return false }
        return status == 401 || status == 403
    }

    /// Whether somebody is told to log in; browsers, whom the first page is for, are sent there.
    private func isUnknown(_ route: AskedRoute, _ status: Int) -> Bool {
        status == 401 || route.path == "/" && status == 303
    }
}

/// All dialects over a new registry with one device and one administrator, in process.
final class AccountsServer: Sendable {
    private let path: String
    private let services: Services
    private let accounts: AccountStore
    private let credentials: CredentialStore
    private let boss: AccountName

    init() async throws {
        path = NSTemporaryDirectory() + "muster-\(UUID().uuidString)"
        let device = #"{"uid":"robot-1","creation_date":"2026-01-31T12:00:00Z","address":"h"}"#
        try RegistryStore.createRegistry(
            at: path,
            files: [
                ("registry.json", RegistrySettings().canonicalBytes()),
                ("devices/robot-1.json", Array(device.utf8)),
            ], author: .anonymous, message: "Begin a registry")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try await RegistryStore.open(
            StoreOptions(repository: path, executablePath: "/bin/true"), logger: logger)
        let state = try StateDirectory.open(store.stateDirectory)
        accounts = try AccountStore(in: state)
        credentials = try CredentialStore(in: state)
        services = Services(
            store: store, signals: try SignalStore(in: state) { _ in },
            renderer: try PageRenderer(), configuration: ServerConfiguration(), logger: logger,
            webhooks: WebhookSender(
                try WebhookStore(in: state), store: store, allowsLocal: false, logger: logger),
            answers: try AnswerStore(in: state), accounts: accounts)
        boss = try #require(AccountName("boss"))
        _ = try accounts.add(boss, .machine, roles: [Caller.adminRole])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The secret of a new token of the administrator.
    func token(_ scope: AccessScope, isExpired: Bool = false) throws -> String {
        let now = Timestamp.now
        let past = Timestamp(microseconds: now.microseconds - 3_600_000_000)
        let made = try accounts.createToken(
            UUID().uuidString, of: boss, scope: scope, expires: isExpired ? past : nil,
            now: Timestamp(microseconds: past.microseconds - 1))
        return made.secret.text
    }

    func status(of route: AskedRoute, with token: String?) async throws -> Int {
        try await answer(to: route, with: token).status
    }

    func answer(
        to route: AskedRoute, with token: String?
    ) async throws -> (status: Int, body: String) {
        // The first page is for browsers alone; programs are answered as programs elsewhere.
        var headers: HTTPFields = [.accept: route.path == "/" ? "text/html" : "*/*"]
        if let token { headers[.authorization] = "Bearer \(token)" }
        let fields = headers
        let application = try makeApplication(
            services: services,
            dialects: [
                CosDialect(services), CratonDialect(services, credentials: credentials),
                NativeDialect(services), GitDialect(services),
                PagesDialect(services, clonePath: path),
            ])
        return try await application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: route.path, method: route.method, headers: fields, body: nil)
            return (response.status.code, String(buffer: response.body))
        }
    }

    /// Whether the device is as it was.
    func holdsDevice() async throws -> Bool {
        guard let id = DocumentID("robot-1") else { return false }
        return services.store.index.current.device(id)?.address == "h"
    }
}
