@testable import RegistryHTML

extension HostilePages {
    /// Logins, accounts and tokens; ids, rights and names of collections are the server's own.
    var accessPages: [(name: String, html: String)] {
        [
            (
                "login",
                renderer.render(
                    LoginPage(account: text, then: text, notice: text, failure: text), in: bare)
            ),
            (
                "password",
                renderer.render(
                    PasswordPage(account: text, isRequired: false, failure: text, shortest: 10),
                    in: frame)
            ),
            ("account", renderer.render(account, in: frame)),
            ("own tokens", renderer.render(tokens(isOwn: true), in: frame)),
            ("tokens of another", renderer.render(tokens(isOwn: false), in: frame)),
            (
                "accounts",
                renderer.render(
                    AccountListPage(
                        rows: [row(isOwn: false), row(isOwn: true)], knownRoles: [text], done: text),
                    in: frame)
            ),
            (
                "account of another",
                renderer.render(
                    AccountDetailPage(
                        row: row(isOwn: false), knownRoles: [text], sessions: [session],
                        password: text, done: text), in: frame)
            ),
        ]
    }

    private var bare: Frame {
        var frame = frame
        frame.isBare = true
        return frame
    }

    private var session: LoginSession {
        LoginSession(
            id: "se_1", browser: text, address: text, began: now, lastUse: now, ends: now,
            isThis: false)
    }

    private var account: AccountPage {
        AccountPage(
            name: text, roles: [text, text], rights: [text], sessions: [session],
            isAdministrator: true, done: text)
    }

    private func tokens(isOwn: Bool) -> TokenListPage {
        let token = TokenListPage.Token(
            id: "tk_1", name: text, rights: ["read"], collections: [text], device: text,
            networks: [text], created: now, expires: now, lastUse: now, lastAddress: text)
        return TokenListPage(
            owner: text, isOwn: isOwn, tokens: [token], rights: ["read", "write"],
            collections: ["devices"], secret: text, done: text)
    }

    private func row(isOwn: Bool) -> AccountListPage.Row {
        AccountListPage.Row(
            name: text, isMachine: false, roles: [text], isDisabled: false, hasPassword: true,
            awaitsPassword: true, created: now, tokenCount: 1, isOwn: isOwn)
    }
}
