import HTTPTypes
import Hummingbird
import Registry
import RegistryStore

extension Request {
    /// Where a write goes that is to be judged first (`Registry-Propose`): the number of an open
    /// proposal, or the title of a new one. Nil for an ordinary write.
    var proposalTarget: ProposalTarget? {
        guard let field = headers[.registryPropose] else { return nil }
        if let number = Int(field), number > 0 { return .existing(number) }
        return .new(title: field, text: "")
    }
}

extension Services {
    /// Commits what a request wants: to the served branch, or as a proposal where it says so or
    /// where the policy wants that. What is not allowed is refused.
    func commit<Answer>(
        _ transaction: Transaction<Answer>, for request: Request, _ context: AppRequestContext
    ) async throws(RegistryError) -> (done: Committed<Answer>, proposal: Int?) {
        if let target = request.proposalTarget {
            let (proposal, done) = try await propose(transaction, in: target, context)
            return (done, proposal?.number)
        }
        let outcome: Result<Committed<Answer>, RegistryError>
        do throws(RegistryError) {
            outcome = .success(try await store.submit(judged(transaction, context)))
        } catch {
            outcome = .failure(error)
        }
        guard case .failure(.proposalOnly) = outcome else { return (try outcome.get(), nil) }
        let (proposal, done) = try await store.proposeInstead(
            judged(transaction, context, isProposed: true), owner: transaction.author.email)
        context.record.access.proposal = proposal?.number
        return (done, proposal?.number)
    }

    /// Makes a proposal of a transaction, or goes on with one.
    func propose<Answer>(
        _ transaction: Transaction<Answer>, in target: ProposalTarget, _ context: AppRequestContext
    ) async throws(RegistryError) -> (proposal: Proposal?, done: Committed<Answer>) {
        if case .existing(let number) = target {
            try context.requireMayGoOn(with: try store.proposal(number), transaction.author)
        }
        return try await store.propose(
            judged(transaction, context, isProposed: true), in: target,
            owner: transaction.author.email)
    }

    /// The same transaction, which refuses on the writer what the policy of that moment does not
    /// allow; a proposal is judged by the policy of the served branch, not by its own.
    private func judged<Answer>(
        _ transaction: Transaction<Answer>, _ context: AppRequestContext, isProposed: Bool = false
    ) -> Transaction<Answer> {
        guard !context.caller.isUnrestricted else { return transaction }
        let (index, decide) = (store.index, transaction.decide)
        let hasMessage = transaction.body != nil
        var judged = transaction
        judged.decide = { snapshot throws(RegistryError) in
            let edit = try decide(snapshot)
            let policy = isProposed ? index.committed.policy : snapshot.policy
            try context.audited { () throws(RegistryError) in
                try context.judgement(policy).require(
                    edit.changes, snapshot, hasMessage: hasMessage, isProposed: isProposed)
            }
            return edit
        }
        return judged
    }
}

extension Services {
    /// Refuses a write that the newest commit made nothing of because of an uncommitted edit.
    ///
    /// - Parameters:
    ///   - changes: what the write would have made of what is served, edits included.
    ///   - committed: the state without them.
    func requireNoEdit(
        behind changes: [Change], _ served: Snapshot, _ committed: Snapshot
    ) throws(RegistryError) {
        let edited = Set(store.status.uncommittedEdits.map(\.path))
        guard !edited.isEmpty else { return }
        let path = changes.flatMap(\.keys)
            .flatMap { [served[$0]?.path, committed[$0]?.path].compactMap(\.self) }
            .first(where: edited.contains)
        if let path { throw .uncommittedEdit(path: path) }
    }
}

extension Change {
    /// The document that is changed, and those that it will refer to.
    fileprivate var keys: [DocumentKey] {
        guard case .put(let document) = self else { return [key] }
        return [key] + document.content.references.map(\.target)
    }
}

extension HTTPField.Name {
    /// Asks for a write to become a proposal: the number of one, or the title of a new one.
    static let registryPropose = knownName("Registry-Propose")
    /// The number of the proposal that a write went into.
    static let registryProposal = knownName("Registry-Proposal")
}
