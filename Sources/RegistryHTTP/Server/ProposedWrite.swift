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
    /// Commits what a request wants: to the served branch, or as a proposal where it says so.
    func commit<Answer>(
        _ transaction: Transaction<Answer>, for request: Request
    ) async throws(RegistryError) -> (done: Committed<Answer>, proposal: Int?) {
        guard let target = request.proposalTarget else {
            return (try await store.submit(transaction), nil)
        }
        let (proposal, done) = try await store.propose(
            transaction, in: target, owner: transaction.author.email)
        return (done, proposal?.number)
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
