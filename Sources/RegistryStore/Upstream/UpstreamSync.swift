internal import Git
public import Logging
public import Registry
internal import Synchronization

/// Keeps the served branch in step with that of an upstream repository.
///
/// It looks there on a timer and when it is asked to, and gives it what was committed here, several
/// commits at a time. Neither side ever loses anything: see ``SyncStatus``.
public actor UpstreamSync {
    /// How often the upstream is looked at when nobody says otherwise.
    public static let usualInterval: Duration = .seconds(60)
    /// Between two pushes, so that many writes go together.
    private static let batchSeconds = 3.0

    let store: RegistryStore
    let logger: Logger
    /// What the server was started with; it goes before what registry.json says.
    private let given: UpstreamAddress?
    private let allowsLocal: Bool
    private let requests = Mutex(Requests())

    var status: SyncStatus?
    private var address: UpstreamAddress?
    private var interval = 60.0
    private var backoff = Backoff()
    private var nextLook = 0.0
    private var nextPush = 0.0
    /// Our tip when both were last in step.
    private var sharedTip: Revision?
    /// The upstream's tip as it is known.
    var known: Revision?
    /// Of which the problems are known.
    var examinedTree: Revision?

    private struct Requests {
        var asked = 0
        var answered = 0
        var choices = MergeChoices()
    }

    /// - Parameters:
    ///   - address: where the upstream is; nil leaves it to registry.json.
    ///   - allowsLocal: whether registry.json may name this machine.
    public init(
        store: RegistryStore, address: UpstreamAddress?, allowsLocal: Bool = false, logger: Logger
    ) {
        self.store = store
        given = address
        self.allowsLocal = allowsLocal
        self.logger = logger
    }

    /// Asks for a sync as soon as possible.
    public nonisolated func request() { requests.withLock { $0.asked += 1 } }

    /// Waits for a sync that begins now, or later.
    ///
    /// - Parameter choices: what a person has decided where both sides changed one place.
    /// - Returns: how it went; nil where there is no upstream.
    public nonisolated func sync(choices: MergeChoices = MergeChoices()) async -> SyncStatus? {
        let number = requests.withLock { requests in
            requests.asked += 1
            if !choices.isEmpty { requests.choices = choices }
            return requests.asked
        }
        let deadline = Clock.monotonicSeconds + 120
        while requests.withLock({ $0.answered < number }), Clock.monotonicSeconds < deadline {
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { break }
        }
        return store.status.sync
    }

    /// Keeps both in step until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            readSettings()
            await syncIfDue()
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// registry.json may name another upstream at any time.
    private func readSettings() {
        let settings = store.index.committed.settings.upstream
        interval = settings?.intervalSeconds.map { Double($0) } ?? 60
        let wanted = given ?? settings?.address
        guard wanted != address else { return }
        address = wanted
        backoff.reset()
        nextLook = 0
        known = nil
        sharedTip = nil
        examinedTree = nil
        status = wanted.map { SyncStatus(upstream: $0.redacted, branch: store.status.branch) }
        store.publish(sync: status)
    }

    private func syncIfDue() async {
        let (asked, choices) = requests.withLock { requests in
            (requests.asked, requests.answered < requests.asked ? requests.choices : nil)
        }
        defer {
            if choices != nil { requests.withLock { $0.answered = max($0.answered, asked) } }
        }
        guard let address, !store.options.readOnly else { return }
        let now = Clock.monotonicSeconds
        let hasNews = backoff.failures == 0 && store.index.committed.commit != sharedTip
        if let choices {
            requests.withLock { $0.choices = MergeChoices() }
            await sync(with: address, choices, looksFirst: true)
        } else if now >= nextLook {
            await sync(with: address, MergeChoices(), looksFirst: true)
        } else if hasNews, now >= nextPush {
            await sync(with: address, MergeChoices(), looksFirst: false)
        }
    }

    /// One sync, and when the next is due.
    ///
    /// - Parameter looksFirst: false gives the upstream what is new here, and looks only when it has
    ///   moved meanwhile.
    private func sync(
        with address: UpstreamAddress, _ choices: MergeChoices, looksFirst: Bool
    ) async {
        status?.isRunning = true
        store.publish(sync: status)
        var git = UpstreamGit(address: address, repository: store.workingTreePath)
        do {
            if given == nil, !allowsLocal { git.hostAddress = try await publicAddress(of: address) }
            let reservation = try await exchange(git, choices, looksFirst: looksFirst)
            await noteSuccess(git, reservation: reservation.map(address.redact))
        } catch {
            await noteFailure(address.redact("\(error)"), git)
        }
        status?.isRunning = false
        store.publish(sync: status)
    }

    /// The address to connect to, whatever the name leads to a moment later.
    ///
    /// More people write registry.json than run the server, and only these say what is asked here.
    ///
    /// - Returns: nil for ssh, whose configuration knows names that nobody else knows.
    private func publicAddress(of address: UpstreamAddress) async throws -> String? {
        let found = await HostAddresses.find(address.host)
        guard !found.contains(where: AddressBlock.isLocal) else {
            throw UpstreamGit.Failure(
                description: "\(address.host) is an address of this machine or of its link only; "
                    + "--upstream names such a one, or --webhook-allow-local allows it")
        }
        guard address.transport != .ssh else { return nil }
        guard let first = found.first else {
            throw UpstreamGit.Failure(description: "the name \(address.host) is unknown")
        }
        return first
    }

    private func noteSuccess(_ git: UpstreamGit, reservation: String?) async {
        if status?.lastError != nil, reservation == nil {
            logger.notice("The upstream is in step again.")
        }
        backoff.reset()
        status?.failures = 0
        status?.lastError = reservation
        if reservation == nil { status?.lastSync = .now }
        await measure(git)
        plan(nextIn: interval)
    }

    private func noteFailure(_ reason: String, _ git: UpstreamGit) async {
        guard !Task.isCancelled else { return }
        let seconds = backoff.noteFailure()
        if status?.lastError != reason {
            logger.warning(
                "The upstream could not be brought in step; it is tried again.",
                metadata: ["upstream": "\(status?.upstream ?? "")", "reason": "\(reason)"])
        }
        status?.failures = backoff.failures
        status?.lastError = reason
        await measure(git)
        plan(nextIn: seconds)
    }

    private func plan(nextIn seconds: Double) {
        let now = Clock.monotonicSeconds
        nextLook = now + seconds
        nextPush = now + Self.batchSeconds
        status?.nextTry = Timestamp(
            microseconds: Timestamp.now.microseconds + Int64(seconds * 1_000_000))
    }

    /// Counts what one side has and the other has not.
    private func measure(_ git: UpstreamGit) async {
        guard let ours = store.index.committed.commit, let known,
            let distance = try? await git.distance(from: ours, to: known)
        else { return }
        status?.ahead = distance.ahead
        status?.behind = distance.behind
    }

    /// Both sides are as near to each other as can be with this tip of ours.
    func noteShared(_ tip: Revision?) { sharedTip = tip }
}
