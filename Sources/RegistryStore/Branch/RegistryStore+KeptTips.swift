internal import Git
public import Registry

/// A tip of the served branch that a person took back or rewrote, kept under a name of its own.
public struct KeptTip: Hashable, Sendable {
    /// The full name, `refs/heads/rewound-20260131T120000Z`.
    public let reference: String
    public let tip: HistoryEntry
    /// The commits that the served branch does not have, newest first; at most a hundred.
    public let missing: [HistoryEntry]
    /// How many it does not have.
    public let missingCount: Int
    /// Whether a merge commit of the served branch joins it: then it was a commit beside the branch.
    public let isMerged: Bool

    /// The branch's name, `rewound-20260131T120000Z`.
    public var name: String { String(reference.dropFirst("refs/heads/".count)) }
}

extension RegistryStore {
    /// Somebody may have removed the name of a kept tip with git.
    func forgetReleasedTips() {
        guard !report.rewoundTips.isEmpty else { return }
        var kept: [String] = []
        for name in report.rewoundTips {
            do throws(GitError) {
                if try repository.target(of: name) != nil { kept.append(name) }
            } catch {
                // What cannot be read now is no reason to forget it.
                kept.append(name)
            }
        }
        guard kept != report.rewoundTips else { return }
        report.rewoundTips = kept
        publishStatus()
    }

    private static let missingLimit = 100
    /// How far back a merge of the tip is looked for.
    private static let mergeLimit = 2_000

    /// The kept tips, newest first.
    public func keptTips() throws(RegistryError) -> [KeptTip] {
        do {
            var tips: [KeptTip] = []
            for name in report.rewoundTips.reversed() {
                guard let id = try repository.target(of: name) else { continue }
                tips.append(try keptTip(name, id))
            }
            return tips
        } catch {
            throw storageError(error)
        }
    }

    private func keptTip(_ name: String, _ id: ObjectID) throws(GitError) -> KeptTip {
        let missing = try repository.commits(from: id, hiding: tip.map { [$0] } ?? [])
        var isMerged = false
        if missing.isEmpty, let tip {
            for later in try repository.commits(from: tip, hiding: [id]).suffix(Self.mergeLimit)
            where try database.commit(later).parents.dropFirst().contains(id) {
                isMerged = true
                break
            }
        }
        let shown = try missing.prefix(Self.missingLimit).map { id throws(GitError) in
            HistoryEntry(id, try database.commit(id))
        }
        return KeptTip(
            reference: name, tip: HistoryEntry(id, try database.commit(id)), missing: shown,
            missingCount: missing.count, isMerged: isMerged)
    }

    /// Removes the name that keeps a tip.
    ///
    /// - Parameters:
    ///   - name: with or without `refs/heads/`.
    ///   - tip: the commit that the person saw there.
    public func deleteKeptTip(_ name: String, at tip: Revision?) throws(RegistryError) {
        let full = name.hasPrefix("refs/heads/") ? name : "refs/heads/\(name)"
        do {
            let kept = try repository.references(matching: "refs/heads/rewound-*")
            guard kept.contains(full), let found = try repository.target(of: full),
                tip == nil || tip == Revision(found)
            else { throw RegistryError.unknownRevision(name) }
            try requireWritable()
            guard try repository.headBranch() != full else {
                throw RegistryError.branchSwitched(head: name, served: report.branch)
            }
            try repository.removeReference(full)
            report.rewoundTips = try repository.references(matching: "refs/heads/rewound-*")
                .sorted()
        } catch {
            throw storageError(error)
        }
        publishStatus()
    }
}
