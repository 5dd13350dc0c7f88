internal import Git
public import Registry

extension RegistryStore {
    /// The registry at another time or place (`?at=`).
    ///
    /// - Parameter name: `HEAD` (without uncommitted edits), `proposal:7` (merged into the served
    ///   branch as it is now), a branch, a tag, a commit that one of them has, by its present id or
    ///   that before a purge, or a time (RFC 3339: the newest commit of the served branch that is
    ///   not later).
    /// - Throws: ``RegistryError/unknownRevision(_:)`` for anything else.
    public nonisolated func snapshot(
        at name: String
    ) async throws(RegistryError) -> Snapshot {
        let served = index.committed
        if name == "HEAD" { return served }
        if let number = Self.proposalNumber(name) {
            return try await review(of: number, into: served).preview
        }
        return try await snapshots.perform { reader in
            let handle = try reader.opened()
            guard let tip = served.commit,
                let commit = try Self.commit(
                    name, upTo: ObjectID(tip), historyIndex, renewals, handle)
            else { throw RegistryError.unknownRevision(name) }
            return try reader.snapshot(of: commit, near: served)
        }
    }

    /// What a proposal would do to the served branch, or has done.
    public nonisolated func review(
        of number: Int
    ) async throws(RegistryError) -> ProposalReview {
        let proposal = try proposal(number)
        let served = index.committed
        guard let merged = proposal.mergeCommit else {
            return try await review(of: number, into: served)
        }
        return try await snapshots.perform { reader in
            try reader.review(
                of: ObjectID(proposal.head), into: served, merged: ObjectID(merged))
        }
    }

    private nonisolated func review(
        of number: Int, into served: Snapshot
    ) async throws(RegistryError) -> ProposalReview {
        let head = try proposal(number).head
        return try await snapshots.perform { reader in
            try reader.review(of: ObjectID(head), into: served)
        }
    }

    /// 7 of `proposal:7`.
    static func proposalNumber(_ name: String) -> Int? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "proposal" ? Int(parts[1]) : nil
    }

    /// What a name as `?at=` takes it leads to, but for those that need a merge.
    ///
    /// - Returns: nil where nobody may see it, or there is none.
    static func commit(
        _ name: String, upTo tip: ObjectID, _ history: HistoryIndex, _ renewals: Renewals,
        _ handle: RepositoryHandle
    ) throws -> ObjectID? {
        if let time = Timestamp(parsing: name) {
            return try newest(to: tip, notAfter: time, history, handle)
        }
        if let commit = try publicCommit(name, upTo: tip, history, handle) { return commit }
        // Who has noted an id before a purge means what became of that commit.
        if let new = renewals.new(ofPrefix: name),
            let commit = try publicCommit("\(new)", upTo: tip, history, handle)
        {
            return commit
        }
        // A time as people say it, where nothing has that name.
        return try Timestamp(saying: name).flatMap {
            try newest(to: tip, notAfter: $0, history, handle)
        }
    }

    private static func publicCommit(
        _ name: String, upTo tip: ObjectID, _ history: HistoryIndex, _ handle: RepositoryHandle
    ) throws -> ObjectID? {
        // What git's grammar of revisions has beyond names is not for strangers.
        let isPlain = name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !":?*[\\@{}".utf8.contains(byte)
        }
        guard isPlain, !name.hasPrefix("-"), name.utf8.count <= 250,
            let commit = try? handle.repository.commit(named: name)
        else { return nil }
        let isPublic = try isReachable(commit, from: tip, history, handle)
        return isPublic ? commit : nil
    }

    /// Whether a branch, a tag or a proposal has the commit: what nobody may fetch nobody may read.
    private static func isReachable(
        _ commit: ObjectID, from tip: ObjectID, _ history: HistoryIndex,
        _ handle: RepositoryHandle
    ) throws -> Bool {
        // The index holds what the served branch has, all of it once it is complete.
        if try history.has(commit) { return true }
        if !history.progress.isComplete, try handle.repository.isAncestor(commit, of: tip) {
            return true
        }
        for glob in ["refs/heads/*", "refs/tags/*", "refs/proposals/*"] {
            for name in try handle.repository.references(matching: glob) {
                guard let target = try? handle.repository.commit(named: name) else { continue }
                if target == commit { return true }
                if try history.has(target) { continue }
                if try handle.repository.isAncestor(commit, of: target) { return true }
            }
        }
        // Another thread may have brought it into the index since the first question.
        return try history.has(commit)
    }

    /// The newest first-parent commit that is not later.
    private static func newest(
        to tip: ObjectID, notAfter time: Timestamp, _ history: HistoryIndex,
        _ handle: RepositoryHandle
    ) throws -> ObjectID? {
        let seconds = time.wholeSeconds
        // Those that the index lacks yet, newest first; the rest it knows.
        var found: ObjectID?
        var isIndexed = false
        _ = try handle.repository.firstParents(of: tip) { id in
            if try history.isOnLine(id) {
                isIndexed = true
                return false
            }
            guard try handle.repository.seconds(of: id) <= seconds else { return true }
            found = id
            return false
        }
        guard found == nil, isIndexed else { return found }
        return try history.read { lookups in
            try lookups.seq(notAfter: seconds).flatMap { try lookups.id(of: $0) }
        }
    }
}
