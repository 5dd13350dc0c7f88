public import Hummingbird
import HTTPTypes
import Registry
import RegistryHTML
import Synchronization

/// The pages that people open in a browser.
public struct PagesDialect: Dialect {
    public let name = "pages"
    public let prefixes = ["/"]
    let services: Services
    /// What `git clone` takes on this machine, for the overview.
    let clonePath: String
    let memory = PageMemory()

    public init(_ services: Services, clonePath: String) {
        self.services = services
        self.clonePath = clonePath
    }

    static let routes = registryRoutes + accessRoutes

    private static let registryRoutes: [PageRoute] = [
        PageRoute("/", overview),
        PageRoute("/overview", overview),
        PageRoute("/devices/", devices),
        PageRoute("/devices/<uid>", device),
        PageRoute("/fleet/", fleet),
        PageRoute("/dashboards/", dashboards),
        PageRoute("/dashboards/grafana/<uid>", of: .grafanaDashboards, dashboard),
        PageRoute("/dashboards/foxglove/<uid>", of: .foxgloveDashboards, dashboard),
        PageRoute("/rules/", rules),
        PageRoute("/rules/prometheus/<uid>", of: .prometheusAlertRules, ruleFile),
        PageRoute("/rules/loki/<uid>", of: .lokiAlertRules, ruleFile),
        PageRoute("/history/", history),
        PageRoute("/history/activity", activity),
        PageRoute("/history/blame", blame),
        PageRoute("/history/compare", compare),
        PageRoute("/history/<uid>", commit),
        PageRoute("/proposals/", proposals),
        PageRoute("/proposals/<uid>", proposal),
        PageRoute(post: "/proposals/<uid>/comment", comment),
        PageRoute(post: "/proposals/<uid>/judge", judge),
        PageRoute("/repository/", repository),
        PageRoute(post: "/repository/conflicts", dismissConflicts),
        PageRoute("/repository/edits", edits),
        PageRoute(post: "/repository/edits/commit", commitEdits),
        PageRoute("/repository/edits/discard", discardQuestion),
        PageRoute(post: "/repository/edits/discard", discardEdits),
        PageRoute("/repository/deleted", deleted),
        PageRoute("/repository/undo", undo),
        PageRoute(post: "/repository/undo", performUndo),
        PageRoute("/repository/problems", problems),
        PageRoute("/repository/kept", keptTips),
        PageRoute(post: "/repository/kept/delete", deleteKeptTip),
        PageRoute("/repository/webhooks", webhookList),
        PageRoute(post: "/repository/webhooks", addWebhook),
        PageRoute("/repository/webhooks/<uid>", webhook),
        PageRoute(post: "/repository/webhooks/<uid>", changeWebhook),
        PageRoute("/search/", search),
        PageRoute("/api-reference/", apiReference),
        PageRoute("/static/<uid>", staticFile),
        PageRoute("/favicon.ico", icon),
    ]

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        let matching = Self.routes.filter { $0.matches(path) }
        let route = matching.first { $0.method == request.method } ?? matching.first
        let call = call(request, path, context, route)
        guard let route, route.path != "/" || call.request.acceptsHTML else {
            if Self.routes.contains(where: { $0.lacksFinalSlash(path) }) { return call.slashAdded }
            return call.request.acceptsHTML ? await call.message(.unknownPath(path.raw)) : nil
        }
        guard route.method == request.method else {
            let methods = matching.map(\.method.rawValue)
            let allow = methods + (methods.contains("GET") ? ["HEAD"] : [])
            return await call.message(
                .methodNotAllowed(request.method.rawValue),
                headers: [.allow: allow.joined(separator: ", ")])
        }
        if let detour = detour(call, route) { return detour }
        do {
            return try await answer(call, route)
        } catch let error as any AnswerableError {
            // Programs that open a page are told as programs are.
            guard error.status != .unauthorized || request.acceptsHTML else { throw error }
            return await call.refusal(error)
        }
    }

    /// The only way to what a form does leads past ``PageCall/form(most:)``, which takes none that
    /// the server has not shown.
    private func answer(_ call: PageCall, _ route: PageRoute) async throws -> Response {
        switch route.handler {
        case .page(let page): return try await page(self)(call)
        case .form(let form):
            try call.requireSameOrigin()
            if route.isWrite { try call.context.requireWritable() }
            // Strangers send some of the others, which are short.
            let most = route.isWrite ? Int.max : 64 << 10
            return try await form(self)(call, try await call.form(most: most))
        }
    }
}

extension PagesDialect {
    /// Browsers get a page that says why there is no other.
    public func refuse(
        _ request: Request, path: RawPath, context: AppRequestContext,
        because error: any AnswerableError
    ) async -> Response {
        guard request.acceptsHTML else {
            var headers = error.fields
            headers.append(.varyAccept)
            return .message(
                error.status, error.explanation, requestID: context.requestID, headers: headers)
        }
        return await call(request, path, context, nil).refusal(error)
    }

    private func call(
        _ request: Request, _ path: RawPath, _ context: AppRequestContext, _ route: PageRoute?
    ) -> PageCall {
        let (browser, newCookie) = browser(request, context)
        return PageCall(
            request: request, path: path, context: context, services: services,
            // What is remembered is of the served registry.
            memory: context.at == nil ? memory : PageMemory(),
            browser: browser, newCookie: newCookie,
            collection: route?.collection ?? .devices, segment: route?.uid(in: path))
    }

    /// What tells the browser from others, with the cookie that makes it so from now on.
    private func browser(
        _ request: Request, _ context: AppRequestContext
    ) -> (BrowserMark, HTTPField?) {
        let cookies = services.pageKeys.cookies
        if context.caller.way == .session,
            let secret = cookies.value(.session, of: request, context)
        {
            return (.session(secret), nil)
        }
        if let known = cookies.value(.browser, of: request, context), known.utf8.count == 32 {
            return (.visitor(known), nil)
        }
        let new = PageCookies.newVisitor()
        return (.visitor(new), cookies.field(.browser, new, context))
    }
}

/// What pages need of the whole registry.
final class PageMemory: Sendable {
    /// The newest commit that a page has shown.
    let commit = Mutex<ServedCommit?>(nil)
    let problems = Remembered<[Registry.Problem]>()
    let silence = Remembered<Silence>()
}
