internal import Git
internal import JSON
internal import Logging
public import Registry
internal import Synchronization

/// Gives out integers that no branch, proposal or commit of the history has.
///
/// The greatest of each sequence is in a blob under a reference of its own, outside the branches:
/// two branches that raise a counter in them would conflict, or agree on what is wrong. The blob runs
/// ahead of what was given out by some, so that few writes touch it; where it is lost it is found
/// again by one walk over all references.
public final class SequenceNumbers: CratonNumbers {
    /// Where the blob is.
    static let reference = "refs/muster/numbers"
    /// How far it runs ahead.
    private static let ahead = 100

    private struct State {
        var isReady = false
        /// The greatest that were given out.
        var given: [CratonFamily: Int] = [:]
        /// What the blob says.
        var kept: [CratonFamily: Int] = [:]
    }

    private let repository: String
    private let logger: Logger
    private let state = Mutex(State())

    init(repository: String, logger: Logger) {
        self.repository = repository
        self.logger = logger
    }

    /// Reads the blob, or where there is none walks over the history, before the first number.
    ///
    /// - Throws: ``RegistryError/busy(reason:)`` when git could not tell.
    public func prepare() async throws(RegistryError) {
        if state.withLock({ $0.isReady }) { return }
        if let kept = read() {
            state.withLock { state in
                guard !state.isReady else { return }
                (state.isReady, state.kept) = (true, kept)
                raise(to: kept, in: &state)
            }
            return
        }
        let found: [CratonFamily: Int]
        do {
            found = try await NumberHistory(repository: repository).greatest()
        } catch {
            throw .busy(reason: "The numbers that were given out could not be read: \(error)")
        }
        state.withLock { state in
            guard !state.isReady else { return }
            state.isReady = true
            raise(to: found, in: &state)
        }
    }

    /// Notes numbers that came from elsewhere, by a push or a person's commit.
    func raise(to found: [CratonFamily: Int]) {
        state.withLock { raise(to: found, in: &$0) }
    }

    /// A registry without numbers needs no reference yet.
    private func raise(to found: [CratonFamily: Int], in state: inout State) {
        state.given.merge(found, uniquingKeysWith: max)
        let isBeyond = state.given.contains { $0.value > state.kept[$0.key] ?? 0 }
        if state.isReady, isBeyond { keep(state.given, in: &state) }
    }

    public func next(
        _ family: CratonFamily, above highest: Int
    ) throws(RegistryError) -> Int {
        let number = state.withLock { state -> Int? in
            guard state.isReady else { return nil }
            let number = max(highest, state.given[family] ?? 0) + 1
            state.given[family] = number
            if number > state.kept[family] ?? 0 {
                var ahead = state.given
                ahead[family] = number + Self.ahead
                keep(ahead, in: &state)
            }
            return number
        }
        guard let number else {
            throw .busy(reason: "The numbers that were given out are being read; try again.")
        }
        return number
    }

    /// Brings the blob to what was given out, before the server stops.
    func keep() {
        state.withLock { state in
            guard state.isReady, state.kept != state.given, !state.given.isEmpty else { return }
            keep(state.given, in: &state)
        }
    }

    private func keep(_ numbers: [CratonFamily: Int], in state: inout State) {
        var merged = numbers
        for (family, number) in state.given { merged[family] = max(merged[family] ?? 0, number) }
        let members = CratonFamily.allCases.compactMap { family in
            merged[family].map { (JSONString(family.rawValue), JSONValue.number(JSONNumber($0))) }
        }
        do {
            let repository = try Repository(opening: self.repository)
            let database = try ObjectDatabase(of: repository)
            let blob = GitObject(.blob, JSONValue.object(JSONObject(members)).canonicalBytes())
            try database.write(blob)
            try ReferenceLock(
                locking: Self.reference, in: repository, toMoveTo: blob.id, flush: true
            ).move()
            state.kept = merged
        } catch {
            // The tree itself still tells the greatest that is in it.
            logger.warning(
                "The numbers that were given out could not be kept.",
                metadata: ["reference": "\(Self.reference)", "error": "\(error)"])
        }
    }

    /// What the blob says; nil where there is none that can be read.
    private func read() -> [CratonFamily: Int]? {
        guard let repository = try? Repository(opening: self.repository),
            let id = try? repository.target(of: Self.reference),
            let database = try? ObjectDatabase(of: repository),
            let bytes = try? database.read(id, as: .blob),
            let value = try? JSONValue(parsing: bytes, options: .document)
        else { return nil }
        var numbers: [CratonFamily: Int] = [:]
        for family in CratonFamily.allCases {
            if let number = value[JSONString(family.rawValue)]?.int { numbers[family] = number }
        }
        return numbers
    }
}
