import AsyncHTTPClient
import FoundationEssentials
import JSON
import NIOCore
import NIOHTTP1
import Registry

/// Where the keys of an identity provider come from: a file, an address, or what the issuer says.
struct IdentityKeySource: Sendable {
    private let settings: IdentityProviderSettings

    /// In bytes, of the keys and of the issuer's description.
    private static let longest = 1 << 20
    private static let timeout: TimeAmount = .seconds(10)

    init(_ settings: IdentityProviderSettings) { self.settings = settings }

    /// Why there are no keys, for the log.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    func fetch() async throws -> IdentityKeySet {
        guard let place = settings.keys else {
            return try await IdentityKeySet(parsing: get(discovered()))
        }
        guard place.contains("://") else {
            guard let file = FileManager.default.contents(atPath: place) else {
                throw Problem(description: "\(place) cannot be read")
            }
            return try await IdentityKeySet(parsing: Array(file))
        }
        return try await IdentityKeySet(parsing: get(place))
    }

    /// The address that the issuer names (OpenID Connect Discovery 1.0, section 4).
    private func discovered() async throws -> String {
        let issuer = settings.issuer
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let address = "\(base)/.well-known/openid-configuration"
        let description = try JSONValue(parsing: await get(address), options: .document)
        guard let named = description["issuer"]?.text, named.utf8.elementsEqual(issuer.utf8) else {
            throw Problem(description: "\(address) does not describe \(issuer)")
        }
        guard let keys = description["jwks_uri"]?.text else {
            throw Problem(description: "\(address) has no jwks_uri")
        }
        return keys
    }

    /// Nothing that comes back is followed.
    private func get(_ address: String) async throws -> [UInt8] {
        guard IdentityProviderSettings.isAllowed(address) else {
            throw Problem(description: "\(address) is no https address")
        }
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: Self.timeout, read: Self.timeout))
        configuration.httpVersion = .http1Only
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            var request = HTTPClientRequest(url: address)
            request.headers = [
                "accept": "application/json", "user-agent": "Muster/\(serverVersion)",
            ]
            let response = try await client.execute(request, timeout: Self.timeout)
            guard response.status == .ok else {
                throw Problem(description: "\(address) answered \(response.status.code)")
            }
            let body = try await response.body.collect(upTo: Self.longest)
            try? await client.shutdown()
            return Array(body.readableBytesView)
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}
