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

    /// Takes in what the upstream has, and gives it what it has not.
    func exchange(
        _ git: UpstreamGit, _ choices: MergeChoices, looksFirst: Bool
    ) async throws {
        for attempt in 0..<4 {
            var conflicts = status?.conflicts ?? []
            if looksFirst || attempt > 0 || known == nil || !conflicts.isEmpty {
                try await look(git)
                conflicts = try await takeIn(git, choices)
                status?.conflicts = conflicts
                forgetMendedProblems()
            }
            if try await give(git, isApart: !conflicts.isEmpty) { return }
        }
        throw Trouble.outrun
    }

    /// Learns where the upstream is.
    private func look(_ git: UpstreamGit) async throws {
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

    /// - Returns: where both sides changed one place, if that keeps them apart.
    private func takeIn(
        _ git: UpstreamGit, _ choices: MergeChoices
    ) async throws -> [MergeConflict] {
        guard let known, let ours = store.index.committed.commit else { return [] }
        if try await git.isAncestor(known, of: ours) { return [] }
        let before = store.index.committed
        var way = self.way
        way.choices = choices
        way.base = try await agreed(git, ours, known)?.commit
        do throws(RegistryError) {
            var conflicts: [MergeConflict] = []
            if case .refused(let found, _) = try await store.takeIn(known, as: way), !found.isEmpty
            {
                conflicts = try await store.takeApart(known, as: way)
            }
            noteProblems(since: before)
            return conflicts
        } catch {
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
    private func give(_ git: UpstreamGit, isApart: Bool) async throws -> Bool {
        guard let tip = store.index.committed.commit else { return true }
        if isApart, let known {
            return try await giveApart(git, onto: known, tip)
        }
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
    private func giveApart(
        _ git: UpstreamGit, onto theirs: Revision, _ tip: Revision
    ) async throws -> Bool {
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

    /// What the upstream brought that breaks a rule.
    private func noteProblems(since before: Snapshot) {
        let new = store.index.committed.newErrors(since: before)
        guard !new.isEmpty else { return }
        let problems = (status?.problems ?? []) + new
        status?.problems = Array(problems.prefix(100))
        logger.warning(
            "The upstream holds what breaks a rule; the last good version is served.",
            metadata: ["path": "\(new[0].path)", "reason": "\(new[0].reason)"])
    }

    private func forgetMendedProblems() {
        guard let problems = status?.problems, !problems.isEmpty else { return }
        let present = Set(store.index.committed.problems)
        status?.problems = problems.filter { present.contains($0) }
    }
}
