import HTTPTypes
import Hummingbird
import Registry
import StateStore

/// One way to say who one is.
protocol WayIn: Sendable {
    /// - Returns: nil where the request does not come this way.
    /// - Throws: where it does, and nobody is known by what it carries.
    func caller(
        of request: Request, _ context: AppRequestContext
    ) async throws(AuthenticationError) -> Caller?
}

/// Finds out who sends a request, before anything else is looked at.
///
/// What a request carries has to be right: nobody who shows a wrong or expired credential is taken for
/// a stranger. On a server that asks nobody, because there is no account, it is not looked at.
struct Authentication: Sendable {
    private let accounts: AccountStore?
    private let isOpenWithoutAccounts: Bool
    /// In the order in which they are asked.
    private let ways: [any WayIn]

    /// Of a server that asks nobody.
    init() {
        accounts = nil
        isOpenWithoutAccounts = true
        ways = []
    }

    /// - Parameter others: further ways, which are asked before the field `Authorization`.
    init(
        _ accounts: AccountStore?, _ configuration: ServerConfiguration, others: [any WayIn] = []
    ) {
        self.accounts = accounts
        isOpenWithoutAccounts = accounts == nil || configuration.asksNobodyWithoutAccounts
        ways = others + [accounts.map(AuthorizationField.init)].compactMap(\.self)
    }

    /// Whether nobody is asked who they are, and everybody may do everything.
    var isOpen: Bool { isOpenWithoutAccounts && accounts?.isEmpty != false }

    /// Notes in `context` who sends the request.
    func recognize(
        _ request: Request, _ context: inout AppRequestContext
    ) async throws(AuthenticationError) {
        let address = context.remoteAddress
        guard !isOpen else {
            context.caller = .unrestricted(at: address)
            return
        }
        context.caller = .anonymous(at: address)
        for way in ways {
            do throws(AuthenticationError) {
                guard let caller = try await way.caller(of: request, context) else { continue }
                context.caller = caller
                return
            } catch {
                context.audit("login", denied: error.reason.rawValue, subject: error.subject)
                throw error
            }
        }
    }
}
