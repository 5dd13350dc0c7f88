internal import Registry
internal import Synchronization

/// A transaction that waits for the writer, whatever it answers.
protocol WaitingTransaction: Sendable {
    var author: Author { get }
    var body: String? { get }
    var trailers: [Trailer] { get }
    var isAnswered: Bool { get }
    var isDone: Bool { get }

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
    private struct State {
        var answer: Answer?
        var result: Result<Committed<Answer>, RegistryError>?
    }

    private let transaction: Transaction<Answer>
    private let state = Mutex(State())

    init(_ transaction: Transaction<Answer>) { self.transaction = transaction }

    var author: Author { transaction.author }
    var body: String? { transaction.body }
    var trailers: [Trailer] { transaction.trailers }
    var isAnswered: Bool { state.withLock { $0.result != nil } }
    var result: Result<Committed<Answer>, RegistryError>? { state.withLock { $0.result } }

    /// Answered, and not by an error.
    var isDone: Bool {
        if case .success = result { true } else { false }
    }

    func decide(on snapshot: Snapshot) throws(RegistryError) -> Decision {
        let edit = try transaction.decide(snapshot)
        state.withLock { $0.answer = edit.answer }
        return Decision(changes: edit.changes, subject: edit.subject)
    }

    func succeed(_ snapshot: Snapshot, commit: Revision?, isNewCommit: Bool) {
        state.withLock { state in
            guard let answer = state.answer else { return }
            state.result = .success(
                Committed(
                    answer: answer, snapshot: snapshot, commit: commit, isNewCommit: isNewCommit))
        }
    }

    func fail(_ error: RegistryError) { state.withLock { $0.result = .failure(error) } }
}
