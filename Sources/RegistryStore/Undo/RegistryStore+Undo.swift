internal import Git
public import Registry

extension RegistryStore {
    /// How often an undo is planned anew because others write at the same places.
    private static let attempts = 5

    /// What an undo would do now. Nothing is changed.
    ///
    /// - Throws: ``RegistryError/cannotUndo(reason:)`` and others that say what to ask for instead.
    public nonisolated func preview(
        of request: UndoRequest
    ) async throws(RegistryError) -> UndoPreview {
        try await plan(request).preview
    }

    /// Takes back a commit or several, or restores a document, in one new commit.
    ///
    /// Later changes of other places stay. When this returns the branch, the files and ``index``
    /// have the commit, durably.
    ///
    /// - Parameters:
    ///   - tag: that of the preview which the person has seen; nil where there was none.
    ///   - trailers: further ones, before those of the undo.
    ///   - judge: refuses what the person may not change.
    /// - Returns: no commit where all is so already.
    /// - Throws: ``RegistryError/undoChanged`` when what the preview showed is no longer so;
    ///   ``RegistryError/unmergeable(conflicts:problems:)`` with what is to be decided or would be
    ///   broken.
    public nonisolated func undo(
        _ request: UndoRequest, seen tag: String? = nil, by author: Author, body: String? = nil,
        trailers: [Trailer] = [], judge: PathJudge? = nil
    ) async throws(RegistryError) -> UndoDone {
        for _ in 0..<Self.attempts {
            let (work, preview) = try await plan(request)
            if let tag, tag != preview.tag { throw .undoChanged }
            if preview.changesNothing { return UndoDone(commit: nil, preview: preview) }
            guard preview.isPossible else {
                // What stands against it says what documents hold.
                let (changed, open) = (preview.effect.paths, preview.effect.conflicts)
                try judge?(changed + open.map(\.path), index.committed)
                throw .unmergeable(
                    conflicts: preview.effect.conflicts, problems: preview.effect.problems)
            }
            let message = CommitMessage(
                subject: work.subject, body: body, trailers: trailers + work.trailers,
                author: author, seconds: Clock.seconds)
            try message.requireNoSecret()
            let commit = try await commit(
                work, choices: request.choices, seen: preview.tag, message, judge)
            if let commit { return UndoDone(commit: commit, preview: preview) }
        }
        throw .undoChanged
    }

    /// What an undo has done that was asked for before.
    ///
    /// - Parameters:
    ///   - commit: what it made.
    ///   - before: the commit that it was made on.
    public nonisolated func undone(
        _ request: UndoRequest, in commit: Revision, on before: Revision
    ) async throws(RegistryError) -> UndoDone {
        let served = try await snapshot(at: "\(before)")
        return UndoDone(commit: commit, preview: try await plan(request, on: served).preview)
    }

    private nonisolated func plan(
        _ request: UndoRequest
    ) async throws(RegistryError) -> (work: UndoWork, preview: UndoPreview) {
        try await plan(request, on: index.committed)
    }

    private nonisolated func plan(
        _ request: UndoRequest, on served: Snapshot
    ) async throws(RegistryError) -> (work: UndoWork, preview: UndoPreview) {
        let asked = try await work(for: request, on: served)
        let (needed, whole) = try await needed(by: asked, choices: request.choices, on: served)
        var work = request.takesNeeded ? whole : asked
        if request.takesNeeded, !needed.isEmpty, asked.way == nil {
            work.subject += ", with \(needed.count) more"
        }
        let preview = try await snapshots.perform { [work] reader in
            let (plan, _) = try reader.plan(work, choices: request.choices, on: served)
            return try reader.preview(of: plan, work, request, needed: needed, on: served)
        }
        return (work, preview)
    }

    /// Commits an undo on the newest state.
    ///
    /// - Returns: nil when that is no longer what was planned for.
    private func commit(
        _ work: UndoWork, choices: MergeChoices, seen tag: String, _ message: CommitMessage,
        _ judge: PathJudge?
    ) throws(RegistryError) -> Revision? {
        settleFiles()
        try requireWritable()
        return try againWhenMoved { () throws(RegistryError) -> Revision?? in
            guard let tip else { throw .nothingServed }
            do {
                let plan = try UndoPlan(
                    work, on: committed, trees, choices: choices, in: database)
                guard plan.tag == tag else { return .some(nil) }
                try judge?(plan.result.changes.map(\.path), committed)
                try requireCommittable(plan.result)
                let commit = signed(message.commit(tree: plan.result.root, parents: [tip]))
                let objects = plan.result.objects + [NewObject(commit)]
                guard try moveBranch(from: tip, to: commit.id, storing: objects) else {
                    return nil
                }
                try adopt(commit.id, origin: .elsewhere)
                return .some(Revision(commit.id))
            } catch {
                throw storageError(error)
            }
        }
    }

    private func requireCommittable(_ plan: PlannedTree) throws {
        guard plan.conflicts.isEmpty else {
            throw RegistryError.unmergeable(conflicts: plan.conflicts, problems: [])
        }
        if let path = firstUncommittedPath(of: plan) {
            throw RegistryError.uncommittedEdit(path: path)
        }
        let errors = try plan.applied(to: committed, reaching: nil, database)
            .newErrors(since: committed)
        guard errors.isEmpty else {
            throw RegistryError.unmergeable(conflicts: [], problems: errors)
        }
    }
}
