import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML
import StateStore

extension PagesDialect {
    /// `/account/tokens`
    func ownTokens(_ call: PageCall) async throws -> Response {
        let owner = try call.loggedIn.account.name
        return try await tokens(of: owner, isOwn: true, done: call.tokenNote, call)
    }

    /// `POST /account/tokens`: `do` is one of its buttons.
    func changeOwnTokens(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let owner = try call.loggedIn.account.name
        return try await change(form, tokensOf: owner, isOwn: true, call)
    }

    /// `/accounts/<name>/tokens`
    func tokens(_ call: PageCall) async throws -> Response {
        _ = try call.administrator
        let owner = try call.namedAccount.name
        return try await tokens(of: owner, isOwn: false, done: call.tokenNote, call)
    }

    /// `POST /accounts/<name>/tokens`
    func changeTokens(_ call: PageCall, _ form: PageForm) async throws -> Response {
        _ = try call.administrator
        return try await change(form, tokensOf: call.namedAccount.name, isOwn: false, call)
    }

    private func change(
        _ form: PageForm, tokensOf owner: AccountName, isOwn: Bool, _ call: PageCall
    ) async throws -> Response {
        let accounts = try call.accounts
        switch form.text("do") {
        case "create":
            let wanted = try TokenForm(form)
            let (token, secret) = try accounts.createToken(
                wanted.name, of: owner, scope: wanted.scope, networks: wanted.networks,
                expires: wanted.expires)
            call.context.audit("token.create", subject: "\(owner) \(token.id)")
            return try await tokens(
                of: owner, isOwn: isOwn, secret: secret, done: "The token is created.", call)
        case "revoke":
            let id = form.text("token")
            try accounts.revokeToken(id, of: owner)
            call.context.audit("token.revoke", subject: "\(owner) \(id)")
            let path = isOwn ? "/account/tokens" : "/accounts/\(owner)/tokens"
            return call.seeOther(path + "?done=revoked")
        default: throw PageFormError.missing("What to do")
        }
    }

    private func tokens(
        of owner: AccountName, isOwn: Bool, secret: HandedSecret? = nil, done: String?,
        _ call: PageCall
    ) async throws -> Response {
        let page = TokenListPage(
            owner: owner.text, isOwn: isOwn,
            tokens: try call.accounts.tokens(of: owner).map(TokenListPage.Token.init),
            rights: AccessRight.allCases.map(\.rawValue),
            collections: Registry.Collection.allCases.map(\.name), secret: secret?.text, done: done)
        var response = call.page(services.renderer.render(page, in: await call.frame()))
        if secret != nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

/// What somebody wants a token to be.
private struct TokenForm {
    let name: String
    let scope: AccessScope
    let networks: [AddressBlock]
    let expires: Timestamp?

    init(_ form: PageForm) throws(AccessPageError) {
        name = form.text("name")
        let rights = form.values("right").compactMap { AccessRight(rawValue: $0) }
        guard !rights.isEmpty else {
            throw .wrongValue("The token would allow nothing; tick a right.")
        }
        let known = Set(Registry.Collection.allCases.map(\.name))
        let collections = Set(form.values("collection")).intersection(known)
        let device = form.text("device")
        let deviceID = DocumentID(device)
        guard device.isEmpty || deviceID != nil else {
            throw .wrongValue("'\(device)' can be no device's uid.")
        }
        scope = AccessScope(
            rights: Set(rights), collections: collections.isEmpty ? nil : collections,
            device: device.isEmpty ? nil : deviceID)
        networks = try Self.networks(form.text("networks"))
        expires = try Self.expiry(form.text("expires"))
    }

    private static func networks(_ text: String) throws(AccessPageError) -> [AddressBlock] {
        var blocks: [AddressBlock] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            guard let block = AddressBlock(String(word)) else {
                throw .wrongValue("'\(word)' is no address or network, such as 10.0.0.0/8.")
            }
            blocks.append(block)
        }
        return blocks
    }

    private static func expiry(_ text: String) throws(AccessPageError) -> Timestamp? {
        if text == "never" { return nil }
        guard let days = Int64(text), (1...3_650).contains(days) else {
            throw .wrongValue("Choose when the token expires.")
        }
        return Timestamp(microseconds: Timestamp.now.microseconds + days * 86_400_000_000)
    }
}

extension PageCall {
    fileprivate var tokenNote: String? {
        path.query.last(of: "done") == "revoked" ? "The token is revoked." : nil
    }
}

extension TokenListPage.Token {
    fileprivate init(_ token: AccessToken) {
        self.init(
            id: token.id, name: token.name,
            rights: token.scope.orderedRights.map(\.rawValue),
            collections: token.scope.collections?.sorted(), device: token.scope.device?.text,
            networks: token.networks.map(\.description), created: Moment(token.created),
            expires: token.expires.map(Moment.init), lastUse: token.lastUse.map(Moment.init),
            lastAddress: token.lastAddress)
    }
}
