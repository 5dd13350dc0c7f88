import Hummingbird
import Registry
import StateStore

/// The way in by the cookie of a login on the pages.
///
/// It counts on the pages, where each form carries a code of its own besides (``FormSeal``), and
/// elsewhere for reading alone: links of the pages lead to documents and bundles there. So no page
/// of another site can write by an API with somebody's login.
struct SessionCookie: WayIn {
    let accounts: AccountStore
    let cookies: PageCookies

    /// Who has logged in; nil without a cookie, and where the login has ended: whoever that was is
    /// asked to log in again where that is needed.
    func caller(of request: Request, _ context: AppRequestContext) -> Caller? {
        guard let secret = cookies.value(.session, of: request, context),
            let (_, account) = accounts.session(secret, isUse: context.isUse)
        else { return nil }
        let onlyReads = [.get, .head].contains(request.method)
        // Before another password is chosen, only the pages are open, and there that alone.
        if !onlyReads || account.mustChangePassword {
            guard PagesDialect.owns(RawPath(target: request.head.path ?? "/")) else { return nil }
        }
        return Caller(
            account: account.name, roles: account.roles, way: .session,
            address: context.remoteAddress)
    }
}

extension Services {
    /// The ways in that the pages have.
    var waysOfPages: [any WayIn] {
        accounts.map { [SessionCookie(accounts: $0, cookies: pageKeys.cookies)] } ?? []
    }
}
