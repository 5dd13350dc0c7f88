internal import Synchronization

/// The transactions that wait for the writer, in the order in which they came.
final class TransactionQueue: Sendable {
    private let waiting = Mutex<[any WaitingTransaction]>([])

    func append(_ transaction: any WaitingTransaction) {
        waiting.withLock { $0.append(transaction) }
    }

    /// Takes the first ones.
    func take(atMost limit: Int) -> [any WaitingTransaction] {
        let taken = waiting.withLock { waiting in
            let taken = Array(waiting.prefix(limit))
            waiting.removeFirst(taken.count)
            return taken
        }
        for transaction in taken { transaction.take() }
        return taken
    }
}
