internal import Git
internal import Registry

extension RegistryStore {
    /// At most so many documents are restored with another one.
    private static let neededLimit = 1_000
    /// How many commits of a document are looked at for its last version.
    private static let historyLimit = 20

    /// What a request means, on the served state.
    nonisolated func work(
        for request: UndoRequest, on served: Snapshot
    ) async throws(RegistryError) -> UndoWork {
        switch request.subject {
        case .restore(let key, let name?):
            let commit = try await commit(named: name, on: served)
            let found = try await snapshots.perform { try $0.document(key, at: commit) }
            guard let found else { throw .noVersion(key, at: name) }
            return Self.restoring(found, at: commit, as: key)
        case .restore(let key, nil):
            guard served[key] == nil else {
                throw .cannotUndo(
                    reason: "\(key) is there; name the version that it is to have with `at`")
            }
            guard let last = try await lastVersion(of: key) else { throw .unknown(key) }
            return try await undeleting(key, last, on: served)
        case .revert(let name):
            let commit = try await servedCommit(named: name, on: served)
            return try await snapshots.perform { try $0.reverting(commit) }
        case .revertRange(let from, let to):
            let older = try await servedCommit(named: from, on: served)
            let newer = try await servedCommit(named: to, on: served)
            return try await snapshots.perform { reader in
                try reader.reverting(from: older, to: newer, name: "\(from)..\(to)")
            }
        }
    }

    /// Finds what is gone and named by what comes back, or belonged to it, and what those name in
    /// their turn.
    ///
    /// - Returns: the documents, and the work with them.
    nonisolated func needed(
        by work: UndoWork, choices: MergeChoices, on served: Snapshot
    ) async throws(RegistryError) -> (needed: [NeededDocument], work: UndoWork) {
        var work = work
        var needed: [NeededDocument] = []
        var asked = Set(work.restored.map(\.document.key))
        for (document, commit) in work.restored where served[document.key] == nil {
            let (gone, _) = try await snapshots.perform { [key = document.key] reader in
                try reader.goneReferrers(of: key, at: commit, now: served)
            }
            for key in gone where asked.insert(key).inserted {
                let found = try await snapshots.perform { try $0.document(key, at: commit) }
                guard let found else { continue }
                work.restored.append((found, commit))
                needed.append(
                    NeededDocument(
                        key: key, version: Revision(commit), reason: "it names \(document.key)"))
            }
        }
        while needed.count < Self.neededLimit {
            let missing = try await snapshots.perform { [work] reader in
                let (plan, after) = try reader.plan(work, choices: choices, on: served)
                return plan.missing(in: after, since: served)
            }
            let new = missing.filter { asked.insert($0.target).inserted }
            if new.isEmpty { break }
            for (target, source) in new {
                guard let (found, commit) = try await version(of: target, near: work.source)
                else { continue }
                work.restored.append((found, commit))
                needed.append(
                    NeededDocument(
                        key: target, version: Revision(commit), reason: "\(source) names it"))
            }
        }
        return (needed, work)
    }

    /// A document as a commit has it, else as it was last.
    private nonisolated func version(
        of key: DocumentKey, near commit: ObjectID
    ) async throws(RegistryError) -> (PreparedDocument, ObjectID)? {
        let found = try await snapshots.perform { try $0.document(key, at: commit) }
        if let found { return (found, commit) }
        return try await lastVersion(of: key).map { ($0.document, $0.at) }
    }

    private nonisolated func lastVersion(
        of key: DocumentKey
    ) async throws(RegistryError) -> (document: PreparedDocument, at: ObjectID, removed: ObjectID)?
    {
        let path = FileLayout.path(for: key, depth: 0)
        let history = try await history(of: path, limit: Self.historyLimit)
        let known = try await snapshots.perform { try $0.lastVersion(of: key, in: history) }
        if let known { return known }
        let served = index.committed
        let removed = try await reader.ask { try $0.removal(of: key, now: served) }
        guard let removed else { return nil }
        return try await snapshots.perform { try $0.version(of: key, before: removed) }
    }

    private nonisolated func undeleting(
        _ key: DocumentKey,
        _ last: (document: PreparedDocument, at: ObjectID, removed: ObjectID), on served: Snapshot
    ) async throws(RegistryError) -> UndoWork {
        var work = Self.restoring(last.document, at: last.at, as: key)
        work.subject = "\(key): undelete"
        let users = try await snapshots.perform { reader in
            try reader.goneReferrers(of: key, at: last.at, now: served).kept
        }
        if let first = users.first {
            let more = users.count > 1 ? " and \(users.count - 1) more" : ""
            work.notes.append(
                "\(first)\(more) named it before it was removed, and will not; reverting "
                    + "\(Revision(last.removed).short) brings that back too.")
        }
        return work
    }

    private static func restoring(
        _ document: PreparedDocument, at commit: ObjectID, as key: DocumentKey
    ) -> UndoWork {
        UndoWork(
            restored: [(document, commit)], subject: "\(key): restore",
            trailers: [Trailer("Restored-From", "\(commit)")], source: commit)
    }

    private nonisolated func commit(
        named name: String, on served: Snapshot
    ) async throws(RegistryError) -> ObjectID {
        try await snapshots.perform { reader in
            guard let tip = served.commit else { throw RegistryError.nothingServed }
            if name == "HEAD" { return ObjectID(tip) }
            let found = try Self.commit(
                name, upTo: ObjectID(tip), historyIndex, renewals, reader.opened())
            guard let found else { throw RegistryError.unknownRevision(name) }
            return found
        }
    }

    /// A commit that the served branch has: others have done nothing here.
    private nonisolated func servedCommit(
        named name: String, on served: Snapshot
    ) async throws(RegistryError) -> ObjectID {
        let commit = try await commit(named: name, on: served)
        let isServed = try await snapshots.perform { reader in
            guard let tip = served.commit else { return false }
            return try reader.opened().repository.isAncestor(commit, of: ObjectID(tip))
        }
        guard isServed else {
            throw .cannotUndo(
                reason: "\(served.settings.servedBranch) does not have \(Revision(commit).short), "
                    + "so there is nothing to take back")
        }
        return commit
    }
}
