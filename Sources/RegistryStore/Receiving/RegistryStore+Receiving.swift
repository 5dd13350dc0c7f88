internal import Git
internal import Registry
internal import Synchronization

extension RegistryStore {
    /// Takes in what a push brings for the served branch and for proposals (`proc-receive`).
    ///
    /// ``inspect(_:)`` has seen it; what can still fail is the race with other writes.
    public func receive(_ push: Push) -> PushAnswer {
        var answer = PushAnswer()
        // The branch first: what else belongs to the push waits for it.
        let updates = push.updates.sorted { $0.reference == branch && $1.reference != branch }
        for update in updates {
            if push.isAtomic, answer.isRefused {
                answer.outcomes.append(
                    .init(update.reference, refusal: "the push moves all of it or nothing"))
                continue
            }
            do throws(RegistryError) {
                if update.reference == branch {
                    try receive(update, of: push, &answer)
                } else {
                    try propose(update, of: push, &answer)
                }
            } catch {
                answer.outcomes.append(
                    .init(update.reference, refusal: error.explanation.firstLine))
                answer.lines += ["\(update.reference) is not taken:"]
                answer.lines += Self.lines(error).map { "  \($0)" }
            }
        }
        return answer
    }

    private func receive(
        _ update: Push.Update, of push: Push, _ answer: inout PushAnswer
    ) throws(RegistryError) {
        guard let new = update.new else {
            throw .storage(reason: "\(report.branch) is served and cannot be removed")
        }
        let pushed = try pushedCommit(new)
        var way = TakenIn(
            author: push.author ?? Author(name: pushed.author.name, email: pushed.author.email),
            subject: "Merge a push: \(pushed.subject)")
        way.judge = push.judge
        switch try takeIn(new, as: way) {
        case .upToDate, .fastForwarded: break
        case .merged(let commit, _):
            answer.lines.append(
                "\(report.branch) had moved on; both are merged in \(commit.short). "
                    + "git pull brings it to your clone.")
        case .refused(let conflicts, let problems):
            throw .unmergeable(conflicts: conflicts, problems: problems)
        }
        // The client has its own commit, so git is told of that one.
        answer.outcomes.append(.init(update.reference))
    }

    /// What the person who pushes is to read of an error.
    private static func lines(_ error: RegistryError) -> [String] {
        guard case .unmergeable(let conflicts, let problems) = error else {
            return [error.explanation]
        }
        return conflicts.map(\.explanation) + problems.map(\.description)
            + ["git pull, settle these, and push again"]
    }

    /// Opens a proposal, or updates the one that the push names or goes on with.
    private func propose(
        _ update: Push.Update, of push: Push, _ answer: inout PushAnswer
    ) throws(RegistryError) {
        guard update.reference == proposing, let new = update.new else {
            throw .storage(reason: "proposals are pushed to \(proposing)")
        }
        let pushed = try pushedCommit(new)
        let author =
            push.author ?? Author(name: pushed.author.name, email: pushed.author.email)
        let owner = push.author?.email ?? pushed.committer.email
        let title = push.option("title")
        let proposal: Proposal
        if let number = try proposalToUpdate(push, owner: owner, head: new) {
            proposal = try self.update(number, to: new, title: title, by: author)
        } else {
            proposal = try open(
                new, title: title, text: push.option("text") ?? "", owner: owner, by: author)
        }
        answer.outcomes.append(
            .init(update.reference, target: new, instead: proposal.reference))
        let verb = proposal.events.count == 1 ? "is open" : "is updated"
        answer.lines.append("proposal \(proposal.number) \(verb): \(proposal.title)")
        if let address = address.withLock({ $0 }) {
            answer.lines.append("  \(address)/proposals/\(proposal.number)")
        }
        if push.options.contains("merge") {
            answer.lines += mergeAtOnce(proposal, by: author, push.judge)
        }
    }

    /// Merges what was just proposed (`-o merge`): a push that no faster write can outrun.
    ///
    /// - Returns: what the person who pushes is to read; what cannot be merged stays open.
    private func mergeAtOnce(
        _ proposal: Proposal, by author: Author, _ judge: PathJudge?
    ) -> [String] {
        do throws(RegistryError) {
            let merged = try merge(
                proposal.number, head: proposal.head, by: author, judge: judge)
            let commit = merged.mergeCommit.map { " in \($0.short)" } ?? ""
            return ["it is merged\(commit); git pull brings that to your clone"]
        } catch {
            return ["it is not merged:", "  \(error.explanation)"]
        }
    }

    /// The proposal of `-o proposal=7`, else the same owner's open one whose head the push rests
    /// on, the newest.
    private func proposalToUpdate(
        _ push: Push, owner: String, head: Revision
    ) throws(RegistryError) -> Int? {
        if let text = push.option("proposal") {
            guard let number = Int(text) else {
                throw .storage(
                    reason: "'\(text)' is no number of a proposal; -o proposal=7 names one")
            }
            return try proposal(number).number
        }
        if push.options.contains("new") { return nil }
        for candidate in proposals where candidate.state == .open && candidate.owner == owner {
            do throws(GitError) {
                if try repository.isAncestor(ObjectID(candidate.head), of: ObjectID(head)) {
                    return candidate.number
                }
            } catch {
                throw storageError(error)
            }
        }
        return nil
    }

    private func pushedCommit(_ id: Revision) throws(RegistryError) -> Commit {
        do throws(GitError) {
            return try database.commit(ObjectID(id))
        } catch {
            throw storageError(error)
        }
    }
}

extension String {
    fileprivate var firstLine: String { String(unicodeScalars.prefix { $0 != "\n" }) }
}
