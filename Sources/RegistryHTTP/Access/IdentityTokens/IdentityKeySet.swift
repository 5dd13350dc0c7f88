import FoundationEssentials
import JSON
import JWTKit
import Registry

/// The public keys of an identity provider (JWK set, RFC 7517), as far as they are of use.
struct IdentityKeySet: Sendable {
    private struct Key: Sendable {
        let id: String?
        let algorithm: IdentityToken.Algorithm
        let verifier: JWTKeyCollection
    }

    private let keys: [Key]

    /// More than any provider has.
    private static let limit = 100
    /// In bytes.
    private static let shortestModulus = 256

    /// - Throws: where it is no such set; keys of other kinds are passed over.
    init(parsing bytes: [UInt8]) async throws(IdentityTokenError) {
        guard let value = try? JSONValue(parsing: bytes, options: .document),
            let items = value["keys"]?.array
        else { throw .keysUnavailable }
        var keys: [Key] = []
        for item in items.prefix(Self.limit) {
            if let key = await Self.key(item) { keys.append(key) }
        }
        self.keys = keys
    }

    /// Verifies a token's signature.
    ///
    /// - Throws: ``IdentityTokenError/unknownKey`` where the provider may have a newer key.
    func verify(_ token: IdentityToken) async throws(IdentityTokenError) {
        let fitting = keys.filter { key in
            key.algorithm == token.algorithm
                && (token.keyID == nil
                    || token.keyID.map { Array($0.utf8) } == key.id.map { Array($0.utf8) })
        }
        guard let key = fitting.first, token.keyID != nil || fitting.count == 1 else {
            throw .unknownKey
        }
        do {
            _ = try await key.verifier.verify(token.text, as: Unread.self)
        } catch {
            throw .signature
        }
    }

    private static func key(_ item: JSONValue) async -> Key? {
        guard item["use"]?.text ?? "sig" == "sig", let algorithm = algorithm(of: item),
            item["alg"]?.text ?? algorithm.rawValue == algorithm.rawValue,
            var key = try? JSONDecoder().decode(
                JWK.self, from: Data(item.publicPart.compactBytes()))
        else { return nil }
        let id = item["kid"]?.text
        key.keyIdentifier = JWKIdentifier(string: id ?? "")
        switch algorithm {
        case .rs256: key.algorithm = .rs256
        case .es256: key.algorithm = .es256
        case .edDSA: key.algorithm = .eddsa
        }
        let verifier = JWTKeyCollection()
        guard (try? await verifier.add(jwk: key)) != nil else { return nil }
        return Key(id: id, algorithm: algorithm, verifier: verifier)
    }

    private static func algorithm(of item: JSONValue) -> IdentityToken.Algorithm? {
        switch (item["kty"]?.text, item["crv"]?.text) {
        case ("RSA", _):
            let modulus = item["n"]?.text.flatMap { base64URLBytes($0.utf8) } ?? []
            return modulus.drop { $0 == 0 }.count >= shortestModulus ? .rs256 : nil
        case ("EC", "P-256"): return .es256
        case ("OKP", "Ed25519"): return .edDSA
        default: return nil
        }
    }
}

/// The claims are read by ourselves.
private struct Unread: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) {}
}

extension JSONValue {
    /// The members of a key that make it a public one.
    fileprivate var publicPart: JSONValue {
        var object = JSONObject()
        for name: JSONString in ["kty", "crv", "n", "e", "x", "y"] { object[name] = self[name] }
        return .object(object)
    }
}
