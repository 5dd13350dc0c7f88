internal import Registry
internal import Synchronization

/// A transaction that waits for the writer, whatever it answers.
protocol WaitingTransaction: AnyObject, Sendable {
    var author: Author { get }
    var body: String? { get }
    var trailers: [Trailer] { get }
    /// Whether the writer has begun with it.
    var isTaken: Bool { get }
    var isAnswered: Bool { get }

    func take()
    /// Decides against `snapshot`; may be asked again when the branch was moved by others.
    func decide(on snapshot: Snapshot) throws(RegistryError) -> Decision
    func succeed(_ snapshot: Snapshot, commit: Revision?, isNewCommit: Bool)
    func fail(_ error: RegistryError)
}

/// What a transaction wants to be committed.
struct Decision {
    let changes: [Change]
    let subject: String
}

/// One caller's transaction with the place for its answer.
final class Ticket<Answer: Sendable>: WaitingTransaction {
    typealias Outcome = Result<Committed<Answer>, RegistryError>

    private struct State {
        var isTaken = false
        var answer: Answer?
        var outcome: Outcome?
        /// Who waits for the outcome.
        var waiting: CheckedContinuation<Outcome, Never>?
    }

    private let transaction: Transaction<Answer>
    private let state = Mutex(State())

    init(_ transaction: Transaction<Answer>) { self.transaction = transaction }

    var author: Author { transaction.author }
    var body: String? { transaction.body }
    var trailers: [Trailer] { transaction.trailers }
    var isTaken: Bool { state.withLock { $0.isTaken } }
    var isAnswered: Bool { state.withLock { $0.outcome != nil } }

    func take() { state.withLock { $0.isTaken = true } }

    /// What became of it, once that is known.
    var outcome: Outcome {
        get async {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state in
                    if state.outcome == nil { state.waiting = continuation }
                    return state.outcome
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }

    func decide(on snapshot: Snapshot) throws(RegistryError) -> Decision {
        let edit = try transaction.decide(snapshot)
        state.withLock { $0.answer = edit.answer }
        return Decision(changes: edit.changes, subject: edit.subject)
    }

    func succeed(_ snapshot: Snapshot, commit: Revision?, isNewCommit: Bool) {
        guard let answer = state.withLock({ $0.answer }) else { return }
        finish(
            .success(
                Committed(
                    answer: answer, snapshot: snapshot, commit: commit, isNewCommit: isNewCommit)))
    }

    func fail(_ error: RegistryError) { finish(.failure(error)) }

    private func finish(_ outcome: Outcome) {
        let waiting = state.withLock { state in
            state.outcome = outcome
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: outcome)
    }
}
