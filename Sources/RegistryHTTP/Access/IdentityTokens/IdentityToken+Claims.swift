import JSON
import Registry

extension IdentityToken {
    /// How far clocks may be apart, in seconds.
    private static let leeway = 60.0

    /// Looks at issuer, audience and times (RFC 7519, section 4.1).
    ///
    /// - Parameter now: seconds since 1970.
    func checkClaims(
        _ settings: IdentityProviderSettings, now: Double
    ) throws(IdentityTokenError) {
        guard let issuer = claims["iss"]?.text, issuer.utf8.elementsEqual(settings.issuer.utf8)
        else { throw .issuer }
        guard texts("aud").contains(where: { $0.utf8.elementsEqual(settings.audience.utf8) })
        else { throw .audience }
        guard let expiry = seconds("exp"), now < expiry + Self.leeway else { throw .expired }
        for name in ["nbf", "iat"] where claims[JSONString(name)] != nil {
            guard let start = seconds(name), now >= start - Self.leeway else { throw .notYet }
        }
    }

    /// Whom the token is about.
    func account(_ settings: IdentityProviderSettings) throws(IdentityTokenError) -> AccountName {
        let claim = settings.accountClaim
        guard let name = claims[JSONString(claim)]?.text.flatMap({ AccountName($0) }) else {
            throw .noAccount(claim: claim)
        }
        return name
    }

    /// The roles that the token gives; nil where that is not asked of it.
    func roles(_ settings: IdentityProviderSettings) -> Set<String>? {
        settings.rolesClaim.map { Set(texts($0)) }
    }

    /// One text or a list of such.
    private func texts(_ claim: String) -> [String] {
        guard let value = claims[JSONString(claim)] else { return [] }
        return value.text.map { [$0] } ?? value.array?.compactMap(\.text) ?? []
    }

    private func seconds(_ claim: String) -> Double? {
        guard case .number(let number)? = claims[JSONString(claim)] else { return nil }
        return number.double
    }
}
