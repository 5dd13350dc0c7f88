import FoundationEssentials
import Logging
import Registry

/// Verifies the tokens of one identity provider, whose keys it fetches and remembers.
actor IdentityProvider {
    nonisolated let settings: IdentityProviderSettings
    private let source: IdentityKeySource
    private let logger: Logger
    private let now: @Sendable () -> Double
    private var keys: IdentityKeySet?
    private var fetched = -Double.infinity
    private var tried = -Double.infinity
    private var fetching: Task<IdentityKeySet?, Never>?

    /// Keys are fetched anew after so many seconds, so that one that the provider withdrew goes.
    private static let age = 3_600.0
    /// Keys older than that are believed no longer, also where there are no newer ones.
    private static let greatestAge = 86_400.0
    /// At most one attempt in so many seconds, whatever tokens come.
    private static let pause = 10.0

    init(
        _ settings: IdentityProviderSettings, logger: Logger,
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.settings = settings
        self.logger = logger
        self.now = now
        source = IdentityKeySource(settings)
    }

    /// Verifies everything about a token but its account.
    func verify(_ text: String) async throws(IdentityTokenError) -> IdentityToken {
        let token = try IdentityToken(text)
        try token.checkClaims(settings, now: now())
        if now() - fetched > Self.age { await refresh() }
        do throws(IdentityTokenError) {
            try await present().verify(token)
        } catch {
            guard error == .unknownKey else { throw error }
            await refresh()
            try await present().verify(token)
        }
        return token
    }

    private func present() throws(IdentityTokenError) -> IdentityKeySet {
        guard let keys, now() - fetched < Self.greatestAge else { throw .keysUnavailable }
        return keys
    }

    /// Fetches the keys, once for all who ask at the same time, unless that was tried just now.
    private func refresh() async {
        if let fetching {
            _ = await fetching.value
            return
        }
        guard now() - tried > Self.pause else { return }
        tried = now()
        let task = Task { [source, logger] () -> IdentityKeySet? in
            do {
                return try await source.fetch()
            } catch {
                logger.error(
                    "The keys of the identity provider cannot be read.",
                    metadata: ["error": "\(error)"])
                return nil
            }
        }
        fetching = task
        if let new = await task.value {
            keys = new
            fetched = now()
        }
        fetching = nil
    }
}
