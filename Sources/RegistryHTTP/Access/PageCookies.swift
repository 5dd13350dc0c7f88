import Crypto
import HTTPTypes
import Hummingbird
import Registry

/// The cookies of the pages (RFC 6265bis).
///
/// Both are out of reach of scripts (`HttpOnly`), end with the browser, and are sent along with links
/// from other sites but not with their forms (`SameSite=Lax`: with `Strict`, a link in a chat would
/// open a page that looks logged out). By TLS they are `Secure` and bound to the one host (`__Host-`);
/// cookies that came without TLS are not taken there.
struct PageCookies: Sendable {
    enum Kind: String, Sendable {
        /// The secret of a login.
        case session
        /// Which browser it is, where nobody is logged in.
        case browser
    }

    /// 8 hex digits of this registry's own: cookies are shared by all ports of a host.
    private let registry: String

    init(_ secret: [UInt8]) {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("muster: cookies".utf8), using: SymmetricKey(data: secret))
        registry = lowercaseHex(Array(code.prefix(4)))
    }

    /// `__Host-muster-session-1a2b3c4d`
    func name(_ kind: Kind, _ context: AppRequestContext) -> String {
        (context.scheme == "https" ? "__Host-" : "") + "muster-\(kind.rawValue)-\(registry)"
    }

    /// What the browser has sent; nil where it sent none.
    func value(_ kind: Kind, of request: Request, _ context: AppRequestContext) -> String? {
        let start = name(kind, context) + "="
        for field in request.headers[values: .cookie] {
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == UInt8(ascii: " ") }
                guard pair.starts(with: start.utf8) else { continue }
                return String(Substring(pair.dropFirst(start.utf8.count)))
            }
        }
        return nil
    }

    /// The field that gives the browser a cookie, or takes it away.
    func field(_ kind: Kind, _ value: String?, _ context: AppRequestContext) -> HTTPField {
        let secure = context.scheme == "https" ? "; Secure" : ""
        let end = value == nil ? "; Max-Age=0" : ""
        let text = "\(name(kind, context))=\(value ?? "")"
        return HTTPField(
            name: .setCookie, value: text + "; Path=/; HttpOnly; SameSite=Lax" + secure + end)
    }

    /// A new value for ``Kind/browser``: 32 hex digits.
    static func newVisitor() -> String {
        lowercaseHex(
            [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)], digits: 32)
    }
}

/// What the pages mark browsers and forms with, made from the server's secret key.
public struct PageKeys: Sendable {
    let forms: FormSeal
    let cookies: PageCookies

    public init(_ secret: [UInt8]) {
        forms = FormSeal(secret)
        cookies = PageCookies(secret)
    }
}
