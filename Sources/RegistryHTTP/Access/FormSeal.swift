import Crypto
import Registry

/// Marks the forms of the pages, so that the server takes none but those that it has shown to the
/// browser that sends them.
///
/// A page of another site can make a browser send a form with this site's cookies, but it cannot
/// read what this site shows that browser. So each form carries a code over the cookie that tells
/// the browser from others, under a key of the server: nothing is kept, and restarts change nothing.
struct FormSeal: Sendable {
    private let key: SymmetricKey

    init(_ secret: [UInt8]) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret),
            info: Array("muster: forms of the pages".utf8), outputByteCount: 32)
    }

    /// The code for forms that are shown to a browser, 128 hex digits.
    ///
    /// Another one each time: pages are compressed, and how long a page gets with a text of an
    /// attacker's choice would tell a code that stays the same (BREACH).
    func code(for browser: BrowserMark) -> String {
        let mask = randomBytes(SHA256.byteCount)
        let code = HMAC<SHA256>.authenticationCode(for: browser.bytes, using: key)
        return lowercaseHex(mask + zip(mask, code).map { $0 ^ $1 })
    }

    /// Whether a form with this code was shown to that browser.
    func accepts(_ code: String, from browser: BrowserMark) -> Bool {
        guard let bytes = hexBytes(code), bytes.count == 2 * SHA256.byteCount else { return false }
        let (mask, masked) = (bytes.prefix(SHA256.byteCount), bytes.dropFirst(SHA256.byteCount))
        return HMAC<SHA256>.isValidAuthenticationCode(
            zip(mask, masked).map { $0 ^ $1 }, authenticating: browser.bytes, using: key)
    }
}

/// What tells one browser from all others.
enum BrowserMark: Hashable, Sendable {
    /// The secret of its login.
    case session(String)
    /// A random cookie, before a login and where nobody is asked for one.
    case visitor(String)

    fileprivate var bytes: [UInt8] {
        switch self {
        case .session(let secret): Array("session ".utf8) + secret.utf8
        case .visitor(let secret): Array("visitor ".utf8) + secret.utf8
        }
    }
}
