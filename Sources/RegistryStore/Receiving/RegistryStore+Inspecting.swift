internal import Git
internal import JSON
internal import Registry

extension RegistryStore {
    /// Judges a push while git still keeps its objects apart (`pre-receive`).
    ///
    /// Writes go on meanwhile.
    ///
    /// - Returns: an outcome with a refusal where any of it must not come in; then nothing does.
    public nonisolated func inspect(_ push: Push) async -> PushAnswer {
        await BackgroundThread(label: "registry-inspection").perform { self.judge(push) }
    }

    private nonisolated func judge(_ push: Push) -> PushAnswer {
        if let reason = options.readOnly
            ? "the server was started read-only" : status.readOnlyReason
        {
            return .refusing(push, [reason])
        }
        guard isQuarantine(push.quarantine) else {
            return .refusing(push, ["\(push.quarantine ?? "") is no folder of a push"])
        }
        do {
            let handle = try RepositoryHandle(places.gitDirectory, with: push.quarantine)
            let inspection = try inspection(of: push, handle)
            guard inspection.findings.isEmpty else {
                return .refusing(push, Self.words(inspection.findings))
            }
            var answer = PushAnswer()
            for update in push.updates {
                var reasons = try reasons(against: update, of: push, handle)
                if reasons.isEmpty {
                    reasons = try reasonsAgainstCaller(update, of: push, handle)
                }
                answer.outcomes.append(
                    .init(update.reference, refusal: reasons.first))
                if !reasons.isEmpty { answer.lines += Self.lines(update.reference, reasons) }
            }
            // Also those of proposals: none is given to something else before they are merged.
            if !answer.isRefused { numbers.raise(to: inspection.numbers) }
            return answer
        } catch {
            return .refusing(push, ["the push could not be looked at: \(error)"])
        }
    }

    /// Looks for what no reference of the repository may lead to.
    private nonisolated func inspection(
        of push: Push, _ handle: RepositoryHandle
    ) throws(GitError) -> PushInspection {
        var inspection = PushInspection(
            handle, quarantine: push.quarantine, renewals: renewals)
        for case let new? in push.updates.map(\.new) {
            // A tag may lead to something else than a commit, which is looked at with the rest.
            guard let commit = try? handle.repository.commit(named: "\(new)") else { continue }
            try inspection.inspect(commit)
        }
        try inspection.inspectRest()
        return inspection
    }

    /// Why a reference must not move as the push wants it to.
    private nonisolated func reasons(
        against update: Push.Update, of push: Push, _ handle: RepositoryHandle
    ) throws(GitError) -> [String] {
        let reference = update.reference
        if reference == branch { return try reasonsAgainstServed(update, handle) }
        if reference.utf8.starts(with: "refs/for/".utf8) {
            return try reasonsAgainstProposal(update, of: push, handle)
        }
        let isOpen = ["refs/heads/", "refs/tags/"].contains { reference.utf8.starts(with: $0.utf8) }
        if !isOpen || reference == "refs/heads/HEAD" {
            return ["only branches (refs/heads), tags and \(proposing) are taken"]
        }
        if reference.utf8.starts(with: "\(branch)/".utf8) {
            return ["there is a branch \(status.branch) already, so none can be below it"]
        }
        if reference.utf8.starts(with: "refs/heads/rewound-".utf8) {
            return ["these keep what somebody took back; let go of them on /repository/kept"]
        }
        return []
    }

    private nonisolated func reasonsAgainstProposal(
        _ update: Push.Update, of push: Push, _ handle: RepositoryHandle
    ) throws(GitError) -> [String] {
        guard update.reference == proposing else {
            return ["proposals are for \(status.branch) alone: git push origin HEAD:\(proposing)"]
        }
        guard let new = update.new else {
            return ["a proposal is closed on its page or by the API"]
        }
        guard (try? handle.repository.commit(named: "\(new)")) == ObjectID(new) else {
            return ["a proposal is a commit"]
        }
        guard let tip = index.committed.commit else {
            return ["\(status.branch) has no commit yet"]
        }
        guard try handle.repository.mergeBase(ObjectID(tip), ObjectID(new)) != nil else {
            return [RegistryError.unrelated(commit: "\(new)", branch: status.branch).explanation]
        }
        guard try !handle.repository.isAncestor(ObjectID(new), of: ObjectID(tip)) else {
            return [
                RegistryError.nothingToPropose(commit: "\(new)", branch: status.branch).explanation
            ]
        }
        guard let named = push.option("proposal") else { return [] }
        guard let number = Int(named), let known = try? proposal(number) else {
            return ["there is no proposal \(named)"]
        }
        return known.state == .open ? [] : ["proposal \(number) is \(known.state.rawValue) already"]
    }

    /// Where proposals are pushed to, `refs/for/main`.
    nonisolated var proposing: String { "refs/for/\(status.branch)" }

    /// The served branch only grows, and stays valid.
    private nonisolated func reasonsAgainstServed(
        _ update: Push.Update, _ handle: RepositoryHandle
    ) throws(GitError) -> [String] {
        let name = status.branch
        if let head = status.headElsewhere {
            return [RegistryError.branchSwitched(head: head, served: name).explanation]
        }
        guard let new = update.new else { return ["\(name) is served and cannot be removed"] }
        let commit = ObjectID(new)
        guard (try? handle.repository.commit(named: "\(new)")) == commit else {
            return ["\(name) is a branch of commits"]
        }
        if let old = update.old.map({ ObjectID($0) }),
            try !handle.repository.isAncestor(old, of: commit)
        {
            return [
                "\(name) only grows: it has commits that the push would take away; "
                    + "git pull brings them, git revert undoes one"
            ]
        }
        return try reasonsAgainstMerge(of: commit, handle)
    }

    private nonisolated func reasonsAgainstMerge(
        of commit: ObjectID, _ handle: RepositoryHandle
    ) throws(GitError) -> [String] {
        let committed = index.committed
        guard let tip = committed.commit else { return ["\(status.branch) has no commit yet"] }
        guard
            let plan = try MergePlan(
                taking: commit, into: ObjectID(tip), of: handle.repository, handle.database)
        else {
            return [RegistryError.unrelated(commit: "\(commit)", branch: status.branch).explanation]
        }
        if plan.isContained { return [] }
        if !plan.conflicts.isEmpty {
            return plan.conflicts.map { $0.explanation } + [
                "git pull, settle these, and push again"
            ]
        }
        let changed = Set(plan.changes.map { FilePath($0.path) })
        let edited = status.uncommittedEdits.map(\.path).filter { changed.contains(FilePath($0)) }
        if !edited.isEmpty {
            return edited.map { RegistryError.uncommittedEdit(path: $0).explanation }
        }
        return try plan.applied(to: committed, handle.database).newErrors(since: committed)
            .map(\.description)
    }

    /// The hooks tell the folder, and nothing but a push's folder is read.
    private nonisolated func isQuarantine(_ path: String?) -> Bool {
        guard let path else { return true }
        return path.utf8.starts(with: "\(places.commonDirectory)/objects/".utf8)
            && !path.split(separator: "/").contains("..")
    }

    private static func words(_ findings: [PushInspection.Finding]) -> [String] {
        let isSecret = findings.contains { $0.problem.rule == .secret }
        let advice =
            isSecret
            ? "take it out of every commit that you push (git rebase -i); a later commit that removes it leaves it in the history"
            : "take it out of every commit that you push (git rebase -i)"
        return findings.map(\.line) + [advice]
    }

    /// What the person who pushes reads about one reference.
    private static func lines(_ reference: String, _ reasons: [String]) -> [String] {
        ["\(reference) is not taken:"] + reasons.map { "  \($0)" }
    }
}

extension PushAnswer {
    /// Refuses all of a push, for these reasons.
    fileprivate static func refusing(_ push: Push, _ reasons: [String]) -> PushAnswer {
        PushAnswer(
            outcomes: push.updates.map { .init($0.reference, refusal: reasons.first ?? "refused") },
            lines: ["nothing of this push is taken:"] + reasons.map { "  \($0)" })
    }
}

extension MergeConflict {
    /// The place, what is wrong, and both values.
    var explanation: String {
        guard ours != nil || theirs != nil else { return description }
        return "\(description): here \(Self.text(ours)), pushed \(Self.text(theirs))"
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let text = String(decoding: value.compactBytes(), as: UTF8.self)
        return text.unicodeScalars.count > 120
            ? String(text.unicodeScalars.prefix(119)) + "…" : text
    }
}
