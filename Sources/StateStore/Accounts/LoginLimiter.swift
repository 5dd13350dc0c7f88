internal import Registry
internal import Synchronization

/// Makes those wait who fail to log in, longer each time.
///
/// Three things are counted, and forgotten after an hour without a failure:
/// * failures of one address at one account: five are free, then each doubles the wait, from a second
///   up to five minutes;
/// * failures of one address at all accounts, wrong tokens too: twenty are free, then likewise. An
///   address from which the account was logged in to before is spared this, so that a colleague's
///   script shuts nobody out;
/// * failures at one account from everywhere. They shut nobody out, because anybody could cause them:
///   after a hundred, an address that the account was never logged in to from has one try in the place
///   of five. Its owner gets in from a new place with the first right password, whoever floods the
///   account.
///
/// An attempt counts as failed when it begins, so that many at once are no way around. Passwords that
/// were found right before and tokens are not held up by any of this. Addresses are whole IPv4
/// addresses and /64 networks of IPv6. Memory is bounded: the oldest half is forgotten when there
/// are too many.
public final class LoginLimiter: Sendable {
    /// One address at one account; nil for names that no account can have.
    private struct Pair: Hashable {
        let account: AccountName?
        let network: String
    }

    private struct State {
        var pairs = FailureCounts<Pair>()
        var networks = FailureCounts<String>()
        var accounts = FailureCounts<AccountName?>()
        /// Where accounts were logged in to from.
        var known = FailureCounts<Pair>()
    }

    static let freeAtAccount = 5
    static let freeOfNetwork = 20
    static let flood = 100

    private let state = Mutex(State())

    public init() {}

    /// Takes an attempt to log in as one that fails, until ``succeed(_:from:)``.
    ///
    /// - Returns: nil when it may be tried, else after how many seconds.
    func begin(
        _ account: AccountName?, from address: String?, now: ContinuousClock.Instant = .now
    ) -> Int? {
        let pair = Pair(account: account, network: Self.network(address))
        return state.withLock { state in
            let isKnown = state.known.count(of: pair, now) > 0
            let isFlooded = state.accounts.count(of: account, now) >= Self.flood
            let free = isFlooded && !isKnown ? 1 : Self.freeAtAccount
            var wait = state.pairs.wait(of: pair, free: free, now)
            if !isKnown {
                wait = max(
                    wait,
                    state.networks.wait(of: pair.network, free: Self.freeOfNetwork, now))
            }
            guard wait == .zero else { return Self.seconds(wait) }
            state.pairs.add(pair, now)
            state.accounts.add(account, now)
            if !isKnown { state.networks.add(pair.network, now) }
            return nil
        }
    }

    /// Takes back an attempt that was not tried.
    func withdraw(_ account: AccountName?, from address: String?) {
        let pair = Pair(account: account, network: Self.network(address))
        state.withLock { state in
            state.pairs.takeBack(pair)
            state.accounts.takeBack(account)
            state.networks.takeBack(pair.network)
        }
    }

    /// Notes that the attempt was wrong: whoever has to wait does so from now on.
    func fail(
        _ account: AccountName?, from address: String?, now: ContinuousClock.Instant = .now
    ) {
        let pair = Pair(account: account, network: Self.network(address))
        state.withLock { state in
            state.pairs.touch(pair, now)
            state.networks.touch(pair.network, now)
        }
    }

    /// Notes that the attempt was right.
    func succeed(
        _ account: AccountName, from address: String?, now: ContinuousClock.Instant = .now
    ) {
        let pair = Pair(account: account, network: Self.network(address))
        state.withLock { state in
            state.pairs.remove(pair)
            state.accounts.takeBack(account)
            if state.known.count(of: pair, now) == 0 { state.networks.takeBack(pair.network) }
            state.known.add(pair, now)
        }
    }

    /// Notes a token that nobody has.
    ///
    /// - Returns: nil, or after how many seconds the address may send the next.
    public func noteWrongToken(
        from address: String?, now: ContinuousClock.Instant = .now
    ) -> Int? {
        let network = Self.network(address)
        return state.withLock { state in
            let wait = state.networks.wait(of: network, free: Self.freeOfNetwork, now)
            guard wait == .zero else { return Self.seconds(wait) }
            state.networks.add(network, now)
            return nil
        }
    }

    private static func network(_ address: String?) -> String {
        address.map { AddressBlock.network(of: $0) } ?? "local"
    }

    private static func seconds(_ wait: Duration) -> Int {
        Int((wait / .seconds(1)).rounded(.up))
    }
}

/// How often something has failed, and when last.
private struct FailureCounts<Key: Hashable & Sendable>: Sendable {
    private struct Failures {
        var count = 0
        var last: ContinuousClock.Instant
    }

    private var byKey: [Key: Failures] = [:]

    private static var most: Int { 10_000 }
    private static var remembered: Duration { .seconds(3_600) }
    private static var longestWaitSeconds: Int { 300 }

    func count(of key: Key, _ now: ContinuousClock.Instant) -> Int {
        guard let failures = byKey[key], now - failures.last < Self.remembered else { return 0 }
        return failures.count
    }

    /// How long still, where `free` failures make nobody wait.
    func wait(of key: Key, free: Int, _ now: ContinuousClock.Instant) -> Duration {
        let count = count(of: key, now)
        guard count >= free, let last = byKey[key]?.last else { return .zero }
        let seconds = min(1 << min(count - free, 10), Self.longestWaitSeconds)
        return max(.zero, .seconds(seconds) - (now - last))
    }

    mutating func add(_ key: Key, _ now: ContinuousClock.Instant) {
        let count = count(of: key, now)
        byKey[key] = Failures(count: min(count + 1, 1_000_000), last: now)
        if byKey.count > Self.most { forgetOldest() }
    }

    /// Undoes one ``add(_:_:)``.
    mutating func takeBack(_ key: Key) {
        guard let count = byKey[key]?.count else { return }
        if count <= 1 { byKey[key] = nil } else { byKey[key]?.count = count - 1 }
    }

    mutating func touch(_ key: Key, _ now: ContinuousClock.Instant) { byKey[key]?.last = now }

    mutating func remove(_ key: Key) { byKey[key] = nil }

    private mutating func forgetOldest() {
        let times = byKey.values.map(\.last).sorted()
        let middle = times[times.count / 2]
        byKey = byKey.filter { $0.value.last > middle }
    }
}
