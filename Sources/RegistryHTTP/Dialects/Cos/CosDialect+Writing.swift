import Hummingbird
import Registry
import RegistryStore

/// What became of a write, with the state to answer it from.
struct CosResult: Sendable {
    let outcome: CosOutcome
    let snapshot: Snapshot
    let commit: Revision?
    /// The proposal that the write went into, instead of the served branch.
    var proposal: Int?
}

extension CosDialect {
    /// Decides against the newest state, and where that changes something, again in a transaction.
    ///
    /// So refusals and needless writes, which agents send often, wait for no writer.
    /// - Parameter author: whom the commit names where the caller is not known, from what the write
    ///   would make.
    func write(
        _ call: CosCall, author: (CosOutcome) -> Author = { _ in .anonymous },
        decide: @escaping @Sendable (Snapshot) -> Edit<CosOutcome>
    ) async throws -> CosResult {
        let checked: @Sendable (Snapshot) throws(RegistryError) -> Edit<CosOutcome> = {
            snapshot throws(RegistryError) in
            let edit = decide(snapshot)
            if edit.answer.isSuccess { try call.checkPreconditions(in: snapshot) }
            return edit
        }
        let isProposed = call.request.proposalTarget != nil
        let newest = isProposed ? call.context.snapshot : services.store.index.current
        let draft = try checked(newest)
        if draft.changes.isEmpty {
            return CosResult(outcome: draft.answer, snapshot: newest, commit: newest.commit)
        }
        try call.context.requireWritable()
        let method = call.request.method.rawValue
        let (committed, proposal) = try await services.commit(
            Transaction(
                author: call.context.caller.author ?? author(draft.answer),
                body: call.request.headers.commitMessage,
                trailers: [
                    Trailer("Request-Id", call.context.requestID),
                    Trailer("Api", "\(name) \(method) \(call.path.raw)"),
                ],
                decide: checked), for: call.request, call.context)
        // The newest commit decides, and an uncommitted edit may be why it does so in another way.
        if !committed.isNewCommit, !isProposed {
            try services.requireNoEdit(behind: draft.changes, newest, committed.snapshot)
        }
        return CosResult(
            outcome: committed.answer, snapshot: committed.snapshot, commit: committed.commit,
            proposal: proposal)
    }
}

extension CosOutcome {
    fileprivate var isSuccess: Bool {
        switch self {
        case .done, .removed: true
        case .fieldErrors, .messages, .duplicate, .notFound: false
        }
    }

    /// The document that a write was about and has made.
    var key: DocumentKey? { if case .done(let key) = self { key } else { nil } }
}

extension CosCall {
    /// Checks `If-Match` and `If-None-Match` against what the path names.
    fileprivate func checkPreconditions(in snapshot: Snapshot) throws(RegistryError) {
        guard let key = preconditionKey else { return }
        do {
            try request.checkPreconditions(current: tag(of: key, in: snapshot))
        } catch {
            throw .stale(key, current: snapshot[key]?.blob)
        }
    }
}
