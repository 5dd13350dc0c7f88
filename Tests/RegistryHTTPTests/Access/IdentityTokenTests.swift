import JSON
import Registry
import Testing

@testable import RegistryHTTP

@Suite("Signed tokens of an identity provider")
struct IdentityTokenTests {
    let settings = IdentityProviderSettings(issuer: "https://id.example.org", audience: "muster")

    /// A token that nobody has signed.
    private func token(_ claims: JSONObject, header: JSONObject = ["alg": "ES256"]) throws
        -> IdentityToken
    {
        func part(_ object: JSONObject) -> String {
            base64Text(JSONValue.object(object).compactBytes())
                .replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_")
        }
        return try IdentityToken("\(part(header)).\(part(claims)).c2lnbmF0dXJl")
    }

    /// What is said of claims at second 1,000.
    ///
    /// - Parameter changes: members in JSON that replace usual ones; null takes one away.
    private func problem(_ changes: String) throws -> IdentityTokenError? {
        var claims: JSONObject = [
            "iss": "https://id.example.org", "aud": "muster", "exp": 2_000,
            "preferred_username": "ada",
        ]
        let changed = try JSONValue(parsing: "{\(changes)}", options: .document)
        for (name, value) in changed.object ?? [:] { claims[name] = value.isNull ? nil : value }
        let token = try token(claims)
        do throws(IdentityTokenError) {
            try token.checkClaims(settings, now: 1_000)
            _ = try token.account(settings)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "what is right is believed",
        arguments: [
            "", #""aud": ["other", "muster"]"#, #""exp": 941"#, #""nbf": 1060"#, #""exp": 1999.5"#,
        ])
    func right(changes: String) throws { #expect(try problem(changes) == nil) }

    private static let noAccount = IdentityTokenError.noAccount(claim: "preferred_username")

    @Test(
        "what is wrong is said",
        arguments: [
            (#""iss": "https://id.example.org/""#, IdentityTokenError.issuer),
            (#""iss": null"#, .issuer), (#""aud": "other""#, .audience), (#""aud": []"#, .audience),
            (#""aud": null"#, .audience), (#""exp": 940"#, .expired), (#""exp": null"#, .expired),
            (#""exp": "2000""#, .expired), (#""nbf": 1061"#, .notYet), (#""iat": 1061"#, .notYet),
            (#""nbf": "0""#, .notYet), (#""preferred_username": "Ada""#, noAccount),
            (#""preferred_username": null"#, noAccount),
            (#""preferred_username": ["ada"]"#, noAccount),
        ])
    func wrong(changes: String, expected: IdentityTokenError) throws {
        #expect(try problem(changes) == expected)
    }

    @Test(
        "algorithms that need a shared secret, or nothing, are refused",
        arguments: [
            "none", "HS256", "RS512", "es256", "",
        ])
    func algorithms(name: String) {
        #expect(throws: IdentityTokenError.algorithm) {
            try token([:], header: ["alg": .text(name)])
        }
    }

    @Test(
        "a text that is no token is refused",
        arguments: [
            "", "..", "a.b.c", "a.b", "eyJhbGciOiJFUzI1NiJ9.e30=.c2ln",
            "eyJhbGciOiJFUzI1NiJ9.W10.c2ln",
        ])
    func malformed(text: String) {
        #expect(throws: IdentityTokenError.malformed) { try IdentityToken(text) }
    }

    @Test("what must be understood and is not is refused")
    func critical() {
        #expect(throws: IdentityTokenError.malformed) {
            try token([:], header: ["alg": "ES256", "crit": ["exp"]])
        }
    }

    @Test(
        "keys are fetched by https, or from this machine",
        arguments: [
            ("https://id.example.org/keys", true), ("http://127.0.0.1:8080/keys", true),
            ("http://localhost", true), ("http://[::1]/keys", true),
            ("http://id.example.org", false),
            ("http://localhost.example.org", false), ("http://127.0.0.1@example.org", false),
            ("file:///etc/passwd", false),
        ])
    func addresses(address: String, isAllowed: Bool) {
        #expect(IdentityProviderSettings.isAllowed(address) == isAllowed)
    }
}
