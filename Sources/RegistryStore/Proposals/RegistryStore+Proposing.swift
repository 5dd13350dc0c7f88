internal import Git
public import Registry

/// Where a change goes that is to be judged first.
public enum ProposalTarget: Hashable, Sendable {
    /// A proposal of its own; its title is the commit's subject where none is given.
    case new(title: String?, text: String)
    /// One that is open, on top of its head.
    case existing(Int)
}

extension RegistryStore {
    /// Commits a transaction for people to judge, instead of to the served branch.
    ///
    /// The transaction is decided on the proposal's newest state, or on the served one for a new
    /// proposal. What is answered is rendered from the snapshot of that commit.
    ///
    /// - Returns: no proposal where the transaction changes nothing, because it refuses or because
    ///   all is as it wants it.
    /// - Throws: what the transaction throws.
    public func propose<Answer>(
        _ transaction: Transaction<Answer>, in target: ProposalTarget, owner: String
    ) throws(RegistryError) -> (proposal: Proposal?, done: Committed<Answer>) {
        try requireWritable()
        settleFiles()
        guard let tip else { throw .busy(reason: "\(branch) has no commit yet") }
        var known: Proposal?
        if case .existing(let number) = target { known = try openProposal(number) }
        var draft = try draft(on: known.map { ObjectID($0.head) } ?? tip)
        let edit = try transaction.decide(draft.snapshot)
        let message = CommitMessage(
            subject: edit.subject, body: transaction.body, trailers: transaction.trailers,
            author: transaction.author, seconds: Clock.seconds)
        try message.requireNoSecret()
        do {
            let steps = try draft.steps(for: edit.changes, in: database)
            guard !steps.isEmpty else {
                let done = Committed(
                    answer: edit.answer, snapshot: draft.snapshot, commit: draft.snapshot.commit,
                    isNewCommit: false)
                return (nil, done)
            }
            try draft.commit(steps, message, in: database)
        } catch {
            throw storageError(error)
        }
        guard let head = draft.snapshot.commit else { throw .storage(reason: "no commit was made") }
        let proposal = try record(
            head, draft.objects, of: known, target, subject: edit.subject, owner: owner,
            by: transaction.author)
        let done = Committed(
            answer: edit.answer, snapshot: draft.snapshot, commit: head, isNewCommit: true)
        return (proposal, done)
    }

    /// Proposes what was meant for the served branch: in the open proposal that the same person has
    /// made by the same change, else in a new one.
    ///
    /// - Returns: as ``propose(_:in:owner:)``; the open proposal also where it has the change already.
    public func proposeInstead<Answer>(
        _ transaction: Transaction<Answer>, owner: String
    ) throws(RegistryError) -> (proposal: Proposal?, done: Committed<Answer>) {
        let title = Self.title(try transaction.decide(committed).subject)
        let known = proposals.first { proposal in
            proposal.state == .open && proposal.owner == owner && proposal.title == title
        }
        let target =
            known.map { ProposalTarget.existing($0.number) } ?? .new(title: title, text: "")
        let (proposal, done) = try propose(transaction, in: target, owner: owner)
        return (proposal ?? known, done)
    }

    private func record(
        _ head: Revision, _ objects: [NewObject], of known: Proposal?, _ target: ProposalTarget,
        subject: String, owner: String, by author: Author
    ) throws(RegistryError) -> Proposal {
        if var proposal = known {
            proposal.add(.init(.updated, by: author, at: .now, head: head))
            try record(proposal, "proposal \(proposal.number): update", by: author, with: objects)
            return proposal
        }
        var title: String?
        var text = ""
        if case .new(let given, let said) = target { (title, text) = (given, said) }
        let proposal = Proposal(
            number: nextProposal, title: Self.title(title) ?? subject, text: text, head: head,
            owner: owner, by: author, at: .now)
        try record(proposal, "proposal \(proposal.number): open", by: author, with: objects)
        return proposal
    }

    /// The state that a change goes on top of.
    private func draft(on commit: ObjectID) throws(RegistryError) -> Draft {
        if commit == tip { return Draft(snapshot: committed, trees: trees, tip: commit) }
        do {
            let near = try SnapshotLoader.snapshot(
                of: commit, from: committed, in: repository, database)
            let snapshot =
                try near
                ?? SnapshotLoader.snapshot(
                    of: commit, in: repository, database, fallback: committed.settings,
                    cache: cache)
            let tree = try database.commit(commit).tree
            return Draft(snapshot: snapshot, trees: TreeEditor(root: tree), tip: commit)
        } catch {
            throw storageError(error)
        }
    }
}
