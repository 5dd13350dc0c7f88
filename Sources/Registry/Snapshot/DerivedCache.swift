internal import DequeModule
internal import Synchronization

/// Gives the bytes of documents that are too large to be held in memory.
package protocol DocumentSource: Sendable {
    /// The content of `blob`, which is most probably in the file at `path`; nil when it is gone.
    func bytes(of blob: Revision, at path: String) -> [UInt8]?
}

/// Bounds what documents keep of things that were made from them: the oldest go first.
package final class DerivedCache: Sendable {
    private struct State {
        var documents: Deque<(document: StoredDocument, bytes: Int)> = []
        var bytes = 0
    }

    /// Documents of more bytes are not held, where there is a source for them.
    static let largeDocument = 64 << 10

    let source: (any DocumentSource)?
    private let limit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - source: of large documents; nil keeps them in memory.
    ///   - limit: in bytes.
    package init(source: (any DocumentSource)? = nil, limit: Int = 64 << 20) {
        self.source = source
        self.limit = limit
    }

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
