import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML
import StateStore

extension PagesDialect {
    /// `/account/`
    func account(_ call: PageCall) async throws -> Response {
        let reader = try call.loggedIn
        let done: String? =
            switch call.path.query.last(of: "done") {
            case "password": "The password is changed."
            case "logged-out": "Logged out there."
            default: nil
            }
        let page = AccountPage(
            name: reader.account.name.text, roles: reader.account.roles.sorted(),
            rights: call.context.rightSentences,
            sessions: try call.sessions(of: reader.account.name, for: reader),
            isAdministrator: call.context.mayAdminister, done: done)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `POST /account/sessions`: logs out another browser, or all others.
    func endSessions(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let reader = try call.loggedIn
        let accounts = try call.accounts
        let name = reader.account.name
        switch form.text("do") {
        case "log-out": try accounts.closeSession(id: form.text("session"), of: name)
        case "log-out-others": try accounts.closeSessions(of: name, except: reader.secret)
        default: throw PageFormError.missing("What to do")
        }
        call.context.audit("session.end", subject: name.text)
        guard accounts.session(reader.secret) != nil else { return call.seeOther("/login") }
        return call.seeOther("/account/?done=logged-out")
    }

    // MARK: Password

    /// `/account/password`
    func passwordPage(_ call: PageCall) async throws -> Response {
        await passwordPage(try call.loggedIn, failure: nil, call)
    }

    /// `POST /account/password`
    func changePassword(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let reader = try call.loggedIn
        let accounts = try call.accounts
        let name = reader.account.name
        let present = form.exact("password")
        let new = form.exact("new")
        let outcome = await accounts.logIn(
            name.text, password: present, from: call.context.remoteAddress)
        var failure: String?
        if case .account = outcome {
            failure =
                new != form.exact("again")
                ? "The two new ones differ."
                : new == present ? "The new one is the present one." : nil
        } else {
            call.context.audit("password", denied: "wrong password", subject: name.text)
            failure = "The present password is another."
            if case .tooMany(let seconds) = outcome {
                failure = "Too many attempts have failed. The next is taken in \(seconds) s."
            }
        }
        if failure == nil {
            do throws(AccountError) {
                try accounts.setPassword(new, of: name, keepingSession: reader.secret)
            } catch {
                guard case .invalid(let reason) = error else { throw error }
                failure = reason
            }
        }
        if let failure { return await passwordPage(reader, failure: failure, call) }
        call.context.audit("password", subject: name.text)
        return call.seeOther("/account/?done=password")
    }

    private func passwordPage(
        _ reader: LoggedIn, failure: String?, _ call: PageCall
    ) async -> Response {
        let isRequired = reader.account.mustChangePassword
        var frame = await call.frame()
        frame.isBare = isRequired
        let page = PasswordPage(
            account: reader.account.name.text, isRequired: isRequired, failure: failure,
            shortest: Account.shortestPassword)
        var response = call.page(services.renderer.render(page, in: frame))
        if failure != nil { response.status = .unprocessableContent }
        return response
    }
}

extension PageCall {
    /// Where an account is logged in, the latest first.
    func sessions(
        of name: AccountName, for reader: LoggedIn
    ) throws(AccessPageError) -> [LoginSession] {
        let accounts = try accounts
        let own = accounts.session(reader.secret)?.session.id
        return accounts.sessions(of: name).map { session in
            LoginSession(
                id: session.id, browser: session.browser, address: session.address,
                began: Moment(session.created), lastUse: Moment(session.lastUse),
                ends: Moment(session.ends), isThis: session.id == own)
        }
    }
}
