import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML
import StateStore

extension PagesDialect {
    /// `/accounts/`
    func accounts(_ call: PageCall) async throws -> Response {
        let reader = try call.administrator
        let all = try call.accounts.accounts
        let page = AccountListPage(
            rows: try all.map { try call.row($0, reader) }, knownRoles: try call.knownRoles,
            done: call.path.query.last(of: "removed") == nil ? nil : "The account is removed.")
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `POST /accounts/`: a person's page has the password for one login, for the only time.
    func addAccount(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let reader = try call.administrator
        let accounts = try call.accounts
        guard let name = AccountName(form.text("account").lowercased()) else {
            throw AccessPageError.wrongValue(
                "A name has 1 to 64 of a-z 0-9 . _ -, the first a letter or digit.")
        }
        let kind = Account.Kind(rawValue: form.text("kind")) ?? .person
        let password = kind == .person ? OnePassword() : nil
        try call.requireRoles(form.roles)
        let account = try accounts.add(
            name, kind, roles: form.roles, password: password?.text, mustChange: true)
        call.context.audit("account.add", subject: "\(name) \(form.roles.sorted())")
        return try await page(of: account, password, done: "The account is added.", reader, call)
    }

    /// `/accounts/<name>`
    func accountDetail(_ call: PageCall) async throws -> Response {
        let reader = try call.administrator
        return try await page(of: call.namedAccount, nil, done: nil, reader, call)
    }

    /// `POST /accounts/<name>`: `do` is one of its buttons.
    func changeAccount(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let reader = try call.administrator
        let account = try call.namedAccount
        let work = form.text("do")
        let password = work == "password" ? OnePassword() : nil
        let done = try change(account.name, work, form, password, reader, call)
        call.context.audit("account.\(work)", subject: account.name.text)
        guard work != "remove" else { return call.seeOther("/accounts/?removed=1") }
        return try await page(of: call.namedAccount, password, done: done, reader, call)
    }

    /// - Returns: what was done, for the reader.
    private func change(
        _ name: AccountName, _ work: String, _ form: PageForm, _ password: OnePassword?,
        _ reader: LoggedIn, _ call: PageCall
    ) throws -> String {
        let accounts = try call.accounts
        let keepsAdministrator = work == "roles" && form.roles.contains(Caller.adminRole)
        if name == reader.account.name, work != "log-out", !keepsAdministrator {
            throw AccessPageError.ownAccount
        }
        switch work {
        case "roles":
            try call.requireRoles(form.roles)
            try accounts.setRoles(form.roles, of: name)
            return "The roles are set."
        case "log-out":
            try accounts.closeSession(id: form.text("session"), of: name)
            return "Logged out there."
        case "password":
            try accounts.setPassword(password?.text ?? "", of: name, mustChange: true)
            return "The old password is void, and every login with it has ended."
        case "disable", "enable":
            try accounts.setDisabled(work == "disable", name)
            return work == "disable" ? "The account is shut out." : "It is let in again."
        case "remove":
            try accounts.remove(name)
            return "The account is removed."
        default: throw PageFormError.missing("What to do")
        }
    }

    private func page(
        of account: Account, _ password: OnePassword?, done: String?, _ reader: LoggedIn,
        _ call: PageCall
    ) async throws -> Response {
        let page = AccountDetailPage(
            row: try call.row(account, reader), knownRoles: try call.knownRoles,
            sessions: try call.sessions(of: account.name, for: reader), password: password?.text,
            done: done)
        var response = call.page(services.renderer.render(page, in: await call.frame()))
        if password != nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

/// A password for one login: 79 random bits, in letters and digits that nobody confuses.
private struct OnePassword {
    let text: String

    init() {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<4).map { _ in
            String(
                decoding: (0..<4).map { _ in
                    alphabet[Int.random(in: alphabet.indices, using: &generator)]
                }, as: UTF8.self)
        }
        text = groups.joined(separator: "-")
    }
}

extension PageForm {
    /// The names of roles that were typed.
    fileprivate var roles: Set<String> {
        Set(text("roles").split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init))
    }
}

extension PageCall {
    /// The account that the path names.
    var namedAccount: Account {
        get throws(AccessPageError) {
            guard let account = AccountName(uidText).flatMap(try accounts.account) else {
                throw .unknownAccount(uidText)
            }
            return account
        }
    }

    /// Refuses roles that the policy does not have.
    fileprivate func requireRoles(_ roles: Set<String>) throws(AccessPageError) {
        let policy = context.servedPolicy
        if let complaint = policy.complaint(about: roles) { throw .wrongValue(complaint) }
    }

    fileprivate func row(
        _ account: Account, _ reader: LoggedIn
    ) throws(AccessPageError) -> AccountListPage.Row {
        AccountListPage.Row(
            name: account.name.text, isMachine: account.kind == .machine,
            roles: account.roles.sorted(), isDisabled: account.isDisabled,
            hasPassword: account.hasPassword, awaitsPassword: account.mustChangePassword,
            created: Moment(account.created),
            tokenCount: try accounts.tokens(of: account.name).count,
            isOwn: account.name == reader.account.name)
    }

    /// The names of the roles that the policy has now, and that accounts have.
    fileprivate var knownRoles: [String] {
        get throws(AccessPageError) {
            let used = try accounts.accounts.reduce(into: Set<String>()) { $0.formUnion($1.roles) }
            return used.union(context.servedPolicy.roleNames).sorted()
        }
    }
}
