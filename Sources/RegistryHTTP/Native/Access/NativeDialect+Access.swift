import HTTPTypes
import Hummingbird
import JSON
import Registry
import StateStore

extension NativeDialect {
    /// `GET access`: who the caller is.
    func showAccess(_ call: NativeCall) async throws -> Response {
        let caller = call.context.caller
        return call.answer(
            [
                "open": .bool(caller.isUnrestricted),
                "account": caller.account.map { .text($0.text) } ?? .null,
                "device": caller.device.map { .text($0.text) } ?? .null,
                "way": .text(caller.way.rawValue),
                "token": caller.tokenName.map { .text($0) } ?? .null,
                "roles": .array(caller.roles.sorted().map { .text($0) }),
                "scope": caller.scope.json,
                "may": call.context.mayJSON,
                "address": caller.address.map { .text($0) } ?? .null,
            ], headers: [.cacheControl: "no-store"])
    }

    /// `GET access/tokens`
    func listTokens(_ call: NativeCall) async throws -> Response {
        let (accounts, account) = try own(call)
        return call.answer(
            ["tokens": .array(accounts.tokens(of: account).map(\.json))],
            headers: [.cacheControl: "no-store"])
    }

    /// `POST access/tokens`: the answer has the secret, for the only time.
    func createToken(_ call: NativeCall) async throws -> Response {
        let (accounts, account) = try own(call)
        guard call.context.caller.way != .token else { throw AccessError.tokenMakesNone }
        let request = try TokenRequest(try await call.body())
        do throws(AccountError) {
            let (token, secret) = try accounts.createToken(
                request.name, of: account, scope: request.scope, networks: request.networks,
                expires: request.expires)
            call.context.audit("token.create", subject: "\(account) \(token.id)")
            var object = token.json.object ?? [:]
            object["secret"] = .text(secret.text)
            return call.answer(
                .object(object), status: .created,
                headers: [
                    .location: call.location("access/tokens/\(token.id)"),
                    .cacheControl: "no-store",
                ])
        } catch {
            throw AccessError.refused(error)
        }
    }

    /// `DELETE access/tokens/<token>`
    func revokeToken(_ call: NativeCall) async throws -> Response {
        let (accounts, account) = try own(call)
        try call.context.requireWritable()
        let id = call.values["token"] ?? ""
        let caller = call.context.caller
        let token = accounts.tokens(of: account).first { $0.id == id }
        guard caller.way != .token || token?.name == caller.tokenName else {
            throw AccessError.otherToken
        }
        do throws(AccountError) {
            try accounts.revokeToken(id, of: account)
        } catch {
            throw AccessError.refused(error)
        }
        call.context.audit("token.revoke", subject: "\(account) \(id)")
        return .empty(.noContent)
    }

    /// The store, and the caller's account.
    private func own(_ call: NativeCall) throws -> (AccountStore, AccountName) {
        let caller = call.context.caller
        guard let accounts = services.accounts, !caller.isUnrestricted else {
            throw AccessError.nobodyHasAccount
        }
        guard let account = caller.account else { throw AuthenticationError.loginRequired }
        return (accounts, account)
    }
}

extension AccessScope {
    fileprivate var json: JSONValue {
        [
            "rights": .array(orderedRights.map { .text($0.rawValue) }),
            "collections": collections.map { .array($0.sorted().map { .text($0) }) } ?? .null,
            "device": device.map { .text($0.text) } ?? .null,
        ]
    }
}

/// Why something about one's own access is refused.
enum AccessError: AnswerableError {
    case nobodyHasAccount
    case tokenMakesNone
    case otherToken
    case refused(AccountError)

    var status: HTTPResponse.Status {
        switch self {
        case .nobodyHasAccount: .conflict
        case .tokenMakesNone, .otherToken: .forbidden
        case .refused(.state): .insufficientStorage
        case .refused(let error): error.status
        }
    }

    var explanation: String {
        switch self {
        case .nobodyHasAccount:
            "Nobody has an account on this server, so nobody needs a token; `muster account add` "
                + "makes the first."
        case .tokenMakesNone: "A token makes no tokens; log in with the account's password."
        case .otherToken: "A token ends itself alone; log in with the account's password."
        case .refused(.state): "The state could not be written; nothing was changed."
        case .refused(let error): error.explanation
        }
    }
}
