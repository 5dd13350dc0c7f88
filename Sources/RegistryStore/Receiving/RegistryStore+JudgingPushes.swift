internal import Git
internal import Registry

extension RegistryStore {
    /// Why the caller may not move a reference so; nothing where nobody is judged, because the push
    /// comes from this machine.
    ///
    /// - Parameter handle: sees the pushed objects.
    nonisolated func reasonsAgainstCaller(
        _ update: Push.Update, of push: Push, _ handle: RepositoryHandle
    ) throws(GitError) -> [String] {
        guard let caller = push.caller, !caller.isUnrestricted else { return [] }
        // The policy before the push judges it.
        let state = index.committed
        let judgement = Judgement(state.policy, of: caller, at: .git)
        if update.reference == branch {
            let paths = try changedPaths(update, state, handle)
            return Self.reasons { () throws(RegistryError) in
                // Each commit says something.
                try judgement.require(.write, of: paths, state, hasMessage: true)
            }
        }
        if update.reference == proposing {
            let paths = try changedPaths(update, state, handle)
            return Self.reasons { () throws(RegistryError) in
                try judgement.require(
                    .write, of: paths, state, hasMessage: true, isProposed: true)
                if let number = push.option("proposal").flatMap({ Int($0) }) {
                    try requireMayGoOn(with: try proposal(number), judgement, state)
                }
            }
        }
        // Other branches and tags are for everybody who fetches.
        return judgement.denial(of: .write, in: .everything, state).map { [$0.reason] } ?? []
    }

    /// Says why, as lines for the person who pushes.
    private static func reasons(_ judge: () throws(RegistryError) -> Void) -> [String] {
        do throws(RegistryError) {
            try judge()
            return []
        } catch {
            return [error.explanation]
        }
    }

    /// The files that the served branch would get otherwise.
    private nonisolated func changedPaths(
        _ update: Push.Update, _ state: Snapshot, _ handle: RepositoryHandle
    ) throws(GitError) -> [String] {
        guard let new = update.new, let tip = state.commit else { return [] }
        let plan = try MergePlan(
            taking: ObjectID(new), into: ObjectID(tip), of: handle.repository, handle.database)
        return plan?.changes.map(\.path) ?? []
    }

    nonisolated func requireMayGoOn(
        with proposal: Proposal, _ judgement: Judgement, _ state: Snapshot
    ) throws(RegistryError) {
        let own = judgement.caller.author?.email
        guard own == nil || own != proposal.owner,
            let denial = judgement.denial(of: .approve, in: .somewhere, state)
        else { return }
        throw .denied(denial)
    }
}

extension Push {
    /// Judges what is taken in by the policy of that moment.
    ///
    /// - Parameter right: write, for what goes to the branch at once.
    var judge: PathJudge? {
        guard let caller, !caller.isUnrestricted else { return nil }
        return { paths, state throws(RegistryError) in
            try Judgement(state.policy, of: caller, at: .git)
                .require(.write, of: paths, state, hasMessage: true)
        }
    }

    /// Who the registry says has pushed; nil leaves it to what the commits say.
    var author: Author? { caller?.author }
}
