internal import DequeModule
internal import Synchronization

/// Bounds what documents keep of things that were made from them: the oldest go first.
package final class DerivedCache: Sendable {
    private struct State {
        var documents: Deque<(document: StoredDocument, bytes: Int)> = []
        var bytes = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: in bytes.
    package init(limit: Int = 64 << 20) { self.limit = limit }

    /// Notes that `document` now keeps so much more.
    func note(_ document: StoredDocument, bytes: Int) {
        let dropped = state.withLock { state in
            state.documents.append((document, bytes))
            state.bytes += bytes
            var dropped: [StoredDocument] = []
            while state.bytes > limit, let oldest = state.documents.popFirst() {
                state.bytes -= oldest.bytes
                dropped.append(oldest.document)
            }
            return dropped
        }
        for document in dropped { document.forgetDerived() }
    }
}
