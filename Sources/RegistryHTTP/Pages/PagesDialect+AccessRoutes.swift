import HTTPTypes
import Hummingbird
import Logging
import Registry
import RegistryHTML
import StateStore

extension PagesDialect {
    /// Logins, accounts and tokens. None of it is in the registry, so a read-only server takes it too.
    static let accessRoutes: [PageRoute] = [
        PageRoute("/login", loginPage),
        PageRoute(post: "/login", isWrite: false, logIn),
        PageRoute(post: "/logout", isWrite: false, logOut),
        PageRoute("/account/", account),
        PageRoute(post: "/account/sessions", isWrite: false, endSessions),
        PageRoute("/account/password", passwordPage),
        PageRoute(post: "/account/password", isWrite: false, changePassword),
        PageRoute("/account/tokens", ownTokens),
        PageRoute(post: "/account/tokens", isWrite: false, changeOwnTokens),
        PageRoute("/accounts/", accounts),
        PageRoute(post: "/accounts/", isWrite: false, addAccount),
        PageRoute("/accounts/<uid>", accountDetail),
        PageRoute(post: "/accounts/<uid>", isWrite: false, changeAccount),
        PageRoute("/accounts/<uid>/tokens", tokens),
        PageRoute(post: "/accounts/<uid>/tokens", isWrite: false, changeTokens),
    ]

    /// What is open before another password is chosen, to whoever came in by one for one login.
    private static let openBefore = [
        "/account/password", "/logout", "/static/<uid>", "/favicon.ico",
    ]

    /// Whether a page is there, or a form is sent there.
    static func owns(_ path: RawPath) -> Bool { routes.contains { $0.matches(path) } }

    /// Where a browser goes first whose password was for one login; nil where it may go on.
    func detour(_ call: PageCall, _ route: PageRoute) -> Response? {
        guard let reader = try? call.loggedIn, reader.account.mustChangePassword,
            !Self.openBefore.contains(route.path)
        else { return nil }
        return call.seeOther("/account/password")
    }
}

extension PageCall {
    /// Why a page is not shown, or a form not done.
    ///
    /// Browsers that ask for a page without saying who they are can do so by a login.
    func refusal(_ error: any AnswerableError) async -> Response {
        if let error = error as? AccountError, case .state(let reason) = error {
            context.logger.error("\(reason)")
        }
        let isForm = request.method == .post
        let isStranger = context.caller.isAnonymous && request.headers[.authorization] == nil
        if error.status == .unauthorized, isStranger, !isForm { return toLogin }
        var page: MessagePage = isForm ? .refused(error) : .unavailable(error)
        var headers = error.fields
        if error.status == .unauthorized {
            page.title = "Not logged in"
            page.advice = "Log in, go back, load the page again and send the form from there."
            // Else browsers would ask for a password by themselves.
            headers[.wwwAuthenticate] = "Bearer realm=\"muster\""
        } else if error.status == .forbidden, !isForm {
            page.title = "Not allowed"
            page.advice = "An administrator can change the roles of an account, or what they allow."
        }
        return await message(page, headers: headers)
    }
}
