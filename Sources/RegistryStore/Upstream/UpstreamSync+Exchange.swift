internal import Git
internal import Logging
internal import Registry

extension UpstreamSync {
    /// The upstream's branch as it was last seen.
    static let reference = "refs/muster/upstream"

    /// Why both could not be brought in step.
    private enum Trouble: Error, CustomStringConvertible {
        case outrun
        case registry(RegistryError)

        var description: String {
            switch self {
            case .outrun: "the upstream moves faster than it can be followed"
            case .registry(let error): error.explanation
            }
        }
    }

    private var branch: String { "refs/heads/\(store.status.branch)" }

    /// How much of the upstream is here.
    private enum Taken {
        case all
        /// All but these.
        case allBut([MergeConflict])
        /// Nothing for now: a person is editing a file that it changes.
        case nothing(reason: String)
    }

    /// Takes in what the upstream has, and gives it what it has not.
    ///
    /// - Returns: what keeps both from being in step, besides conflicts.
    func exchange(
        _ git: UpstreamGit, _ choices: MergeChoices, looksFirst: Bool
    ) async throws -> String? {
        for attempt in 0..<4 {
            var taken = Taken.all
            if looksFirst || attempt > 0 || known == nil || status?.conflicts.isEmpty == false {
                try await look(git)
                taken = try await takeIn(git, choices)
            }
            switch taken {
            case .all:
                status?.conflicts = []
                if try await give(git) { return nil }
            case .allBut(let conflicts):
                status?.conflicts = conflicts
                if try await giveApart(git) { return nil }
            case .nothing(let reason):
                if try await giveApart(git) { return reason }
            }
        }
        throw Trouble.outrun
    }

    /// Learns where the upstream is.
    private func look(_ git: UpstreamGit) async throws {
        if !store.renewals.isEmpty, let tip = try await git.tip(of: branch),
            store.renewals.new(of: ObjectID(tip)) != nil
        {
            // Not even its objects are to be here again.
            throw Trouble.registry(.purged(commit: "\(tip)"))
        }
        let before = try await git.target(of: Self.reference)
        guard try await git.fetch(branch, as: Self.reference) else {
            known = nil
            if before != nil { try await git.set(Self.reference, to: nil) }
            return
        }
        known = try await git.target(of: Self.reference)
        guard let before, let known, before != known else { return }
        guard try await !git.isAncestor(before, of: known) else { return }
        status?.rewinding = .init(from: before, to: known, at: .now)
        logger.warning(
            "The upstream was taken back or rewritten; what it had is kept.",
            metadata: ["from": "\(before)", "to": "\(known)"])
        if let ours = store.index.committed.commit, try await !git.isAncestor(before, of: ours) {
            try await git.set("refs/muster/rewound-upstream/\(before)", to: before)
        }
    }

    private func takeIn(
        _ git: UpstreamGit, _ choices: MergeChoices
    ) async throws -> Taken {
        defer { noteProblems() }
        guard let known, let ours = store.index.committed.commit else { return .all }
        if try await git.isAncestor(known, of: ours) { return .all }
        var way = self.way
        way.choices = choices
        way.base = try await agreed(git, ours, known)?.commit
        do throws(RegistryError) {
            guard case .refused = try await store.takeIn(known, as: way) else { return .all }
            return .allBut(try await store.takeApart(known, as: way))
        } catch {
            if case .uncommittedEdit = error { return .nothing(reason: error.explanation) }
            throw Trouble.registry(error)
        }
    }

    /// How merges of the upstream are made: all that it has is taken, valid or not, and what both
    /// changed in different ways is left to people.
    private var way: TakenIn {
        var way = TakenIn(
            author: .server, subject: "Merge the upstream's \(store.status.branch)",
            trailers: [Trailer("Upstream", status?.upstream ?? "")])
        way.allowsErrors = true
        return way
    }

    /// What both had in common when they were last brought together in part, if both still rest on it.
    private func agreed(
        _ git: UpstreamGit, _ ours: Revision, _ theirs: Revision
    ) async throws -> Agreement? {
        guard let agreed = try await git.target(of: RegistryStore.agreed),
            let left = try await git.target(of: "\(agreed)^1"),
            let right = try await git.target(of: "\(agreed)^2"),
            try await git.isAncestor(left, of: ours), try await git.isAncestor(right, of: theirs)
        else { return nil }
        return Agreement(commit: agreed, ours: left, theirs: right)
    }

    private struct Agreement {
        let commit: Revision
        let ours: Revision
        let theirs: Revision
    }

    /// Gives the upstream what it has not.
    ///
    /// - Returns: false when it has moved meanwhile.
    private func give(_ git: UpstreamGit) async throws -> Bool {
        guard let tip = store.index.committed.commit else { return true }
        if let known, known != tip, try await !git.isAncestor(known, of: tip) { return false }
        guard known != tip else {
            noteShared(tip)
            return true
        }
        guard try await git.push(tip, to: branch) else { return false }
        try await noteUpstream(at: tip, git)
        if try await git.target(of: RegistryStore.agreed) != nil {
            try await git.set(RegistryStore.agreed, to: nil)
        }
        noteShared(tip)
        return true
    }

    /// Gives what can be joined, without joining the histories.
    private func giveApart(_ git: UpstreamGit) async throws -> Bool {
        guard let tip = store.index.committed.commit, let theirs = known else { return true }
        var way = self.way
        way.subject = "Take what muster's \(store.status.branch) has"
        let agreed = try await agreed(git, tip, theirs)
        guard agreed?.ours != tip || agreed?.theirs != theirs else {
            noteShared(tip)
            return true
        }
        way.base = agreed?.commit
        let outgoing: Outgoing
        do throws(RegistryError) {
            outgoing = try await store.outgoing(onto: theirs, as: way)
        } catch {
            throw Trouble.registry(error)
        }
        if outgoing.commit != theirs {
            guard try await git.push(outgoing.commit, to: branch) else { return false }
            try await noteUpstream(at: outgoing.commit, git)
        }
        try await git.set(RegistryStore.agreed, to: outgoing.agreed)
        noteShared(tip)
        return true
    }

    private func noteUpstream(at commit: Revision, _ git: UpstreamGit) async throws {
        try await git.set(Self.reference, to: commit)
        known = commit
    }

    /// What breaks a rule here does so in the upstream too, because both hold the same.
    private func noteProblems() {
        let snapshot = store.index.committed
        guard snapshot.tree != examinedTree else { return }
        examinedTree = snapshot.tree
        let problems = Array(snapshot.problems.filter { $0.severity == .error }.prefix(100))
        let known = Set(status?.problems ?? [])
        status?.problems = problems
        guard let new = problems.first(where: { !known.contains($0) }) else { return }
        logger.warning(
            "Registry and upstream hold what breaks a rule; the last good version is served.",
            metadata: ["path": "\(new.path)", "reason": "\(new.reason)"])
    }
}
