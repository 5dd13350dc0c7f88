internal import Git
internal import JSON
internal import Logging
public import Registry
internal import Synchronization

extension RegistryStore {
    /// Bytes of a comment, and how many there are of what happens to a proposal.
    private static let textLimit = 64 << 10
    private static let eventLimit = 1_000

    /// Every proposal that was ever made, the newest first.
    public nonisolated var proposals: [Proposal] {
        knownProposals.withLock { $0.values.sorted { $0.number > $1.number } }
    }

    public nonisolated func proposal(_ number: Int) throws(RegistryError) -> Proposal {
        guard let found = knownProposals.withLock({ $0[number] }) else {
            throw .unknownProposal(number)
        }
        return found
    }

    /// Opens a proposal of a commit that the repository has.
    ///
    /// - Parameters:
    ///   - title: one line; the commit's subject where there is none.
    ///   - owner: who may go on with it by pushing.
    /// - Throws: when the served branch has the commit already, or has nothing in common with it.
    public func open(
        _ head: Revision, title: String?, text: String = "", owner: String, by author: Author
    ) throws(RegistryError) -> Proposal {
        try requireWritable()
        let subject = try subjectOfProposal(head)
        let number = nextProposal
        let proposal = Proposal(
            number: number, title: Self.title(title) ?? subject, text: text, head: head,
            owner: owner, by: author, at: .now)
        try record(proposal, "proposal \(number): open", by: author)
        return proposal
    }

    /// Gives a proposal another head.
    public func update(
        _ number: Int, to head: Revision, title: String? = nil, by author: Author
    ) throws(RegistryError) -> Proposal {
        try requireWritable()
        var proposal = try openProposal(number)
        _ = try subjectOfProposal(head)
        if let title = Self.title(title) { proposal.title = title }
        if head != proposal.head {
            proposal.add(.init(.updated, by: author, at: .now, head: head))
        }
        try record(proposal, "proposal \(number): update", by: author)
        return proposal
    }

    /// Changes what a proposal is called and what is said about it.
    public func rename(
        _ number: Int, title: String?, text: String?, by author: Author
    ) throws(RegistryError) -> Proposal {
        try requireWritable()
        var proposal = try proposal(number)
        if let title = Self.title(title) { proposal.title = title }
        if let text { proposal.text = text }
        try record(proposal, "proposal \(number): rename", by: author)
        return proposal
    }

    /// Adds a comment, an approval of the present head, or closes or reopens the proposal.
    ///
    /// - Parameter head: the head that the person has seen; another one is refused.
    public func add(
        _ kind: Proposal.Event.Kind, to number: Int, text: String = "", head: Revision? = nil,
        by author: Author
    ) throws(RegistryError) -> Proposal {
        try requireWritable()
        var proposal = try proposal(number)
        switch kind {
        case .approved, .closed: proposal = try openProposal(number)
        case .reopened where proposal.state != .closed:
            throw .proposalState(number, reason: "is \(proposal.state.rawValue), not closed")
        default: break
        }
        try requireSeen(head, of: proposal)
        guard text.utf8.count <= Self.textLimit else {
            throw .proposalState(number, reason: "takes no more than 64 KiB at a time")
        }
        let seen = kind == .approved ? proposal.head : nil
        proposal.add(.init(kind, by: author, at: .now, head: seen, text: text))
        try record(proposal, "proposal \(number): \(kind.rawValue)", by: author)
        return proposal
    }

    /// Merges a proposal into the served branch, with a merge commit that keeps its authors.
    ///
    /// - Parameters:
    ///   - head: the head that the person has seen; another one is refused.
    ///   - choices: what the person has decided at conflicts.
    ///   - judge: refuses what the person may not merge.
    /// - Throws: ``RegistryError/unmergeable(conflicts:problems:)`` with what keeps it.
    public func merge(
        _ number: Int, head: Revision? = nil, choices: MergeChoices = MergeChoices(),
        message: String? = nil, by author: Author, judge: PathJudge? = nil
    ) throws(RegistryError) -> Proposal {
        var proposal = try openProposal(number)
        try requireSeen(head, of: proposal)
        if let message, Secret.isIn(Array(message.utf8)) {
            throw .proposalState(number, reason: "cannot take this message: \(Secret.reason)")
        }
        var way = TakenIn(
            author: author, subject: "Merge proposal \(number): \(proposal.title)", body: message,
            trailers: Self.trailers(of: proposal, mergedBy: author))
        way.alwaysMerges = true
        way.choices = choices
        way.judge = judge
        switch try integrate(proposal.head, as: way) {
        case .refused(let conflicts, let problems):
            throw .unmergeable(conflicts: conflicts, problems: problems)
        case .merged(let commit, _), .fastForwarded(let commit):
            proposal.add(.init(.merged, by: author, at: .now, head: commit))
        case .upToDate:
            proposal.add(.init(.merged, by: author, at: .now, head: index.committed.commit))
        }
        try record(proposal, "proposal \(number): merge", by: author)
        return proposal
    }

    /// Marks the open proposals whose head the served branch has by now: somebody has merged them
    /// in a clone.
    func noteMergedProposals() {
        let open = knownProposals.withLock { $0.values.filter { $0.state == .open } }
        guard let tip, !open.isEmpty else { return }
        for var proposal in open {
            do {
                guard try repository.isAncestor(ObjectID(proposal.head), of: tip) else { continue }
                let author = Author.server
                proposal.add(.init(.merged, by: author, at: .now, head: Revision(tip)))
                try record(proposal, "proposal \(proposal.number): merge", by: author)
            } catch {
                logger.error(
                    "A merged proposal could not be marked.",
                    metadata: ["proposal": "\(proposal.number)", "error": "\(error)"])
            }
        }
    }

    /// Reads the proposals of the repository, at the start.
    func loadProposals() throws(GitError) {
        let found = try ProposalRecords.read(from: repository, database)
        knownProposals.withLock { $0 = found }
    }

    var nextProposal: Int { knownProposals.withLock { ($0.keys.max() ?? 0) + 1 } }

    /// Keeps a changed proposal, durably, with the objects that its head needs.
    func record(
        _ proposal: Proposal, _ subject: String, by author: Author, with new: [NewObject] = []
    ) throws(RegistryError) {
        guard proposal.text.utf8.count <= Self.textLimit,
            proposal.events.count <= Self.eventLimit
        else {
            throw .proposalState(
                proposal.number, reason: "takes no more than 64 KiB at a time, and 1,000 of them")
        }
        // Whoever mirrors the repository reads what is said.
        guard !Secret.isIn(proposal.json.canonicalBytes()) else {
            throw .proposalState(proposal.number, reason: "cannot take this: \(Secret.reason)")
        }
        do {
            let (objects, tip) = try ProposalRecords.objects(
                of: proposal, subject: subject, by: author, in: repository, database)
            try moveReferences(
                [
                    (proposal.reference, ObjectID(proposal.head)),
                    (ProposalRecords.reference, tip),
                ], storing: new + objects)
        } catch {
            throw storageError(error)
        }
        knownProposals.withLock { $0[proposal.number] = proposal }
    }

    func openProposal(_ number: Int) throws(RegistryError) -> Proposal {
        let proposal = try proposal(number)
        guard proposal.state == .open else {
            throw .proposalState(number, reason: "is \(proposal.state.rawValue) already")
        }
        return proposal
    }

    private func requireSeen(
        _ head: Revision?, of proposal: Proposal
    ) throws(RegistryError) {
        guard let head, head != proposal.head else { return }
        throw .proposalState(
            proposal.number,
            reason: "has a newer head, \(proposal.head.short); look at it once more")
    }

    /// The subject of the first commit that the served branch does not have.
    private func subjectOfProposal(_ head: Revision) throws(RegistryError) -> String {
        do {
            let id = ObjectID(head)
            guard let tip else { throw RegistryError.busy(reason: "\(branch) has no commit yet") }
            guard (try? database.header(of: id))?.kind == .commit else {
                throw RegistryError.unknownRevision("\(head)")
            }
            guard try repository.mergeBase(tip, id) != nil else {
                throw RegistryError.unrelated(commit: "\(head)", branch: report.branch)
            }
            guard let first = try repository.commits(from: id, hiding: [tip]).last else {
                throw RegistryError.nothingToPropose(commit: "\(head)", branch: report.branch)
            }
            return Self.title(try database.commit(first).subject) ?? "\(head.short)"
        } catch {
            throw storageError(error)
        }
    }

    /// One line of at most 200 characters; nil where nothing is left.
    static func title(_ text: String?) -> String? {
        let line = (text ?? "").unicodeScalars.map { $0.isControl ? " " : $0 }.prefix(200)
        let title = String(String.UnicodeScalarView(line)).trimmingSpaces
        return title.isEmpty ? nil : title
    }

    private static func trailers(of proposal: Proposal, mergedBy author: Author) -> [Trailer] {
        var trailers = [Trailer("Proposal", "\(proposal.number)")]
        if proposal.author != author {
            trailers.append(Trailer("Co-authored-by", proposal.author.signature))
        }
        let approvers = proposal.approvals.map(\.author)
        for (place, approver) in approvers.enumerated()
        where !approvers[..<place].contains(approver) {
            trailers.append(Trailer("Reviewed-by", approver.signature))
        }
        return trailers
    }
}

extension Author {
    /// The server itself.
    static let server = Author(name: "Muster", email: Signature.serverEmail)

    /// `Ada <ada@example.org>`
    fileprivate var signature: String { "\(name) <\(email)>" }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var scalars = unicodeScalars[...]
        while scalars.first == " " { scalars.removeFirst() }
        while scalars.last == " " { scalars.removeLast() }
        return String(scalars)
    }
}
