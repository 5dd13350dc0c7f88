import Registry
import RegistryHTML
import RegistryStore

extension AppRequestContext {
    /// The proposal of a number, for those who made it or may read everything; nobody else learns
    /// whether there is one.
    func readable(
        _ number: Int, in store: RegistryStore
    ) throws(RegistryError) -> Proposal {
        if let own = try? store.proposal(number), isOwn(own) { return own }
        try require(.readEverything)
        return try store.proposal(number)
    }

    /// What a proposal would do, as far as the caller may read what it is about.
    func review(
        of proposal: Proposal, in store: RegistryStore
    ) async throws(RegistryError) -> ProposalReview {
        let review = try await store.review(of: proposal.number)
        guard !may(.read, in: .everything) else { return review }
        return review.part(by: caller.author?.email ?? "") { may(.read, in: .document($0)) }
    }

    /// Refuses those who neither made a proposal nor may read everything, as the answer says what it
    /// is about.
    func requireMayComment(on proposal: Proposal) throws(RegistryError) {
        guard !caller.isUnrestricted, !isOwn(proposal) else { return }
        try require(.readEverything)
    }

    /// Refuses those who neither made a proposal nor may read and approve others' work from going on
    /// with it.
    ///
    /// - Parameter author: who it is by the dialect's own login, where that has let the caller in.
    func requireMayGoOn(
        with proposal: Proposal, _ author: Author? = nil
    ) throws(RegistryError) {
        guard !caller.isUnrestricted, !isOwn(proposal) else { return }
        if record.access.hasOwnLogin, author?.email == proposal.owner { return }
        try require(.readEverything)
        try require(.approve, in: .somewhere)
    }

    /// Refuses those who may not approve what a proposal changes, or who made it themselves.
    func requireMayApprove(
        _ proposal: Proposal, in store: RegistryStore
    ) async throws(RegistryError) {
        guard !caller.isUnrestricted else { return }
        let review = try await store.review(of: proposal.number)
        try judge(.approve)(review.paths, store.index.committed)
        try requireOtherThanAuthor(of: proposal)
    }

    /// Refuses those who made a proposal from merging it, until somebody else has approved it; what
    /// it changes is judged when that is known, by ``judge(_:hasMessage:isProposed:)``.
    func requireMayMerge(_ proposal: Proposal) throws(RegistryError) {
        guard !caller.isUnrestricted else { return }
        guard !proposal.isApprovedByOthers else { return }
        try requireOtherThanAuthor(of: proposal)
    }

    /// What the caller may do about a proposal, for the page that shows it: by the same rules, and
    /// nothing is noted of it.
    ///
    /// - Parameters:
    ///   - review: what the caller sees of it.
    ///   - snapshot: the served registry.
    func standing(
        on proposal: Proposal, _ review: ProposalReview, in snapshot: Snapshot
    ) -> ProposalPage.Standing {
        var standing = ProposalPage.Standing()
        guard !caller.isUnrestricted else { return standing }
        let unseen = review.isPartial ? "Part of it is not yours to read." : nil
        let refusal = unseen ?? refusal(of: .approve, on: review.paths, in: snapshot)
        let asAuthor = denialAsAuthor(of: proposal)?.reason
        standing.approveRefusal = refusal ?? asAuthor
        standing.mergeRefusal = refusal ?? (proposal.isApprovedByOthers ? nil : asAuthor)
        let mayApprove = may(.approve, in: .somewhere)
        standing.mayComment = mayApprove || may(.write, in: .somewhere)
        standing.mayClose = mayApprove || standing.mayComment && isOwn(proposal)
        return standing
    }

    private func requireOtherThanAuthor(of proposal: Proposal) throws(RegistryError) {
        guard let denial = denialAsAuthor(of: proposal) else { return }
        try audited { () throws(RegistryError) in throw RegistryError.denied(denial) }
    }

    private func denialAsAuthor(of proposal: Proposal) -> Denial? {
        guard isOwn(proposal), !servedPolicy.allowsSelfApproval else { return nil }
        return Denial(
            "Proposal \(proposal.number) is your own; somebody else approves it "
                + "(self_approval in policy.json allows it).")
    }

    private func isOwn(_ proposal: Proposal) -> Bool {
        guard let author = caller.author else { return false }
        return proposal.makers.contains(author.email)
    }
}

extension Proposal {
    /// Whether somebody has approved it who has brought none of its commits.
    fileprivate var isApprovedByOthers: Bool {
        let makers = makers
        return approvals.contains { !makers.contains($0.author.email) }
    }

    /// The addresses of those who have brought its commits.
    fileprivate var makers: Set<String> {
        let bringing = events.filter { $0.kind == .opened || $0.kind == .updated }
        return Set(bringing.map(\.author.email) + [owner])
    }
}
