import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML
import StateStore

extension PagesDialect {
    /// `/login`: `then` is where it leads.
    func loginPage(_ call: PageCall) async -> Response {
        let then = call.then(call.path.query.last(of: "then"))
        guard !call.context.caller.isUnrestricted, call.context.caller.way != .session else {
            return call.seeOther(then)
        }
        let cookies = services.pageKeys.cookies
        let hasEnded = cookies.value(.session, of: call.request, call.context) != nil
        var response = await loginPage(
            LoginPage(then: then, notice: hasEnded ? "You have been logged out." : nil), call)
        if hasEnded { response.headers.append(cookies.field(.session, nil, call.context)) }
        return response
    }

    /// `POST /login`
    func logIn(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let accounts = try call.accounts
        let typed = form.text("account").lowercased()
        let address = call.context.remoteAddress
        let outcome = await accounts.logIn(typed, password: form.exact("password"), from: address)
        if case .account(let account) = outcome {
            return try begin(account, then: call.then(form.text("then")), call)
        }
        // What is no account's name may be a password that somebody typed there.
        let known = AccountName(typed).flatMap { accounts.account($0) }?.name.text
        call.context.audit("login", denied: outcome.reason, subject: known ?? "no account")
        var response = await loginPage(
            LoginPage(
                account: typed, then: call.then(form.text("then")), failure: outcome.explanation),
            call)
        response.status = outcome.status
        response.headers[.retryAfter] = outcome.retrySeconds.map { "\($0)" }
        return response
    }

    /// `POST /logout`
    func logOut(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let reader = try call.loggedIn
        try call.accounts.closeSession(reader.secret)
        var response = call.seeOther("/login")
        response.headers.append(services.pageKeys.cookies.field(.session, nil, call.context))
        return response
    }

    /// A new session, whatever the browser had before: nobody can have put its secret there.
    private func begin(_ account: Account, then: String, _ call: PageCall) throws -> Response {
        let accounts = try call.accounts
        if case .session(let old) = call.browser { try accounts.closeSession(old) }
        let (secret, _) = try accounts.openSession(
            for: account.name, from: call.context.remoteAddress,
            browser: call.request.headers[.userAgent] ?? "")
        call.context.audit("login", subject: account.name.text)
        var response = call.seeOther(account.mustChangePassword ? "/account/password" : then)
        response.headers.append(
            services.pageKeys.cookies.field(.session, secret.text, call.context))
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Says nothing of the registry, which the reader may not be allowed to see.
    private func loginPage(_ page: LoginPage, _ call: PageCall) async -> Response {
        var frame = await call.frame()
        frame.isBare = true
        return call.page(services.renderer.render(page, in: frame))
    }
}

extension PageCall {
    /// Where a login leads: to a page of this server, never back to the login itself.
    func then(_ text: String?) -> String {
        guard let path = text.flatMap({ LocalPath($0) }) else { return "/overview" }
        let start = RawPath(target: path.description).raw
        return ["/login", "/logout"].contains(start) ? "/overview" : path.description
    }

    /// Sends a browser that has to log in there, to come back then; programs are told 401.
    var toLogin: Response {
        let query = here.map { "?then=\(percentEncoded($0.description))" } ?? ""
        var response = seeOther("/login" + query)
        response.headers.append(.varyAccept)
        return response
    }
}

extension LoginOutcome {
    /// For people; what exactly was wrong is not said.
    fileprivate var explanation: String {
        switch self {
        case .account, .wrong: "Name and password do not go together."
        case .tooMany(let seconds):
            "Too many attempts have failed. The next is taken in \(seconds) s."
        case .busy: "Too many people log in at once. Try again in some seconds."
        }
    }

    /// For the log.
    fileprivate var reason: String {
        switch self {
        case .account, .wrong: "wrong name or password"
        case .tooMany: "too many attempts"
        case .busy: "busy"
        }
    }

    /// No 401, for which browsers would ask for a password themselves.
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .account, .wrong: .forbidden
        case .tooMany: .tooManyRequests
        case .busy: .serviceUnavailable
        }
    }

    fileprivate var retrySeconds: Int? {
        switch self {
        case .account, .wrong: nil
        case .tooMany(let seconds): seconds
        case .busy: 5
        }
    }
}
