internal import Git
internal import Logging
internal import Registry

extension RegistryStore {
    /// Looks where HEAD and the served branch are, and takes in what was committed by hand.
    func lookAtBranch() throws(RegistryError) {
        do {
            let head = try repository.headBranch()
            let elsewhere = head == branch ? nil : try headName(head)
            if elsewhere != report.headElsewhere {
                settleFiles()
                noteHead(elsewhere)
            }
            let found = try repository.target(of: branch)
            if found != tip {
                settleFiles()
                try takeIn(found)
                noteMergedProposals()
            }
        } catch {
            throw storageError(error)
        }
    }

    /// What HEAD is on: a branch without `refs/heads/`, or a commit.
    private func headName(_ branch: String?) throws(GitError) -> String {
        guard let branch else {
            return try repository.target(of: "HEAD").map { "\($0)" } ?? "nothing"
        }
        return branch.hasPrefix("refs/heads/") ? String(branch.dropFirst(11)) : branch
    }

    private func noteHead(_ elsewhere: String?) {
        report.headElsewhere = elsewhere
        // The files are another branch's now, or the served one's again.
        edits.removeAll()
        do throws(GitError) {
            try aimPendingAtHead()
        } catch {
            report.lastError = "\(error)"
        }
        if elsewhere == nil { schedule.requestScan() }
        publish()
        logger.notice(
            "HEAD moved to another branch or back.",
            metadata: ["head": "\(elsewhere ?? report.branch)"])
    }

    /// The branch is not where the server left it.
    private func takeIn(_ found: ObjectID?) throws(RegistryError) {
        do {
            guard let tip else {
                if let found { try adopt(found) }
                return
            }
            guard let found else {
                try putBack(from: nil, to: tip)
                return
            }
            if try repository.isAncestor(tip, of: found) {
                try takeDescendant(found)
            } else if try repository.isAncestor(found, of: tip) {
                try keepRewound(found)
                try putBack(from: found, to: tip)
            } else if let base = try repository.mergeBase(tip, found) {
                try keepRewound(found)
                var history = try histories(since: base, to: tip)
                for (path, pending) in keeper.pending {
                    history[path, default: PathHistory()].contents.formUnion(pending.known)
                }
                try merge(found, base: base, history: history)
            } else {
                try keepRewound(found)
                try putBack(from: found, to: tip)
            }
        } catch {
            throw storageError(error)
        }
    }

    /// Keeps a person's tip under a name of its own, because the branch will not have it.
    private func keepRewound(_ found: ObjectID) throws(GitError) {
        let time = Self.compact(.now)
        var name = "refs/heads/rewound-\(time)"
        var number = 1
        while let other = try repository.target(of: name), other != found {
            number += 1
            name = "refs/heads/rewound-\(time)-\(number)"
        }
        try repository.setReference(name, to: found, message: "muster: kept from \(branch)")
        report.rewoundTips = try repository.references(matching: "refs/heads/rewound-*").sorted()
        logger.notice(
            "The branch was taken back or rewritten by hand; the tip is kept.",
            metadata: ["reference": "\(name)", "tip": "\(found)"])
    }

    /// `20260131T120000Z`, which a reference's name can hold.
    static func compact(_ time: Timestamp) -> String {
        time.description.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The served branch only grows: it goes back to the served tip, and files and index with it.
    private func putBack(
        from found: ObjectID?, to tip: ObjectID
    ) throws(RegistryError) {
        guard try moveBranch(from: found, to: tip, storing: []) else { return }
        do {
            if let found { try bringForward(histories(since: found, to: tip)) }
        } catch {
            throw storageError(error)
        }
        publish()
    }

}
