internal import Git
internal import Logging

extension RegistryStore {
    /// Brings git's index after the newest commit whenever that is due, until the task is cancelled;
    /// a held `index.lock` makes it wait.
    nonisolated func keepIndex() async {
        let thread = BackgroundThread(label: "registry-index")
        while !Task.isCancelled {
            if let update = await beginIndexUpdate() {
                let result = await thread.perform {
                    Result { () throws(IndexError) in try update.apply() }
                }
                await finish(update, result)
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func beginIndexUpdate() -> IndexUpdate? {
        // It would wait for thousands of files, and every write for it.
        guard keeper.isBehind, !placer.isPlacingMany, schedule.isIndexDue(Clock.monotonicSeconds)
        else { return nil }
        do throws(GitError) {
            return try indexUpdate()
        } catch {
            noteIndexError(error)
            return nil
        }
    }

    /// What git's index needs now that the files are in place.
    private func indexUpdate() throws(GitError) -> IndexUpdate {
        settleFiles()
        if FileFacts(at: places.index) == nil { try noteWholeTree() }
        if report.headElsewhere != nil { try aimPendingAtHead() }
        return keeper.beginUpdate(to: tip)
    }

    private func finish(_ update: IndexUpdate, _ result: Result<Double, IndexError>) {
        switch result {
        case .success(let seconds):
            keeper.finish(update)
            schedule.noteIndexed(in: seconds, isBehind: keeper.isBehind)
            if behind.isEmpty { report.lastError = nil }
            publish()
        case .failure(let error): noteIndexError(error)
        }
    }

    private func noteIndexError(_ error: any Error) {
        schedule.postponeIndex()
        note("\(error)", "git's index could not be brought forward; it is tried again.")
    }

    /// Brings git's index after the newest commit, at once.
    func bringIndexForward() {
        do {
            try bringForward(indexFile: places.index)
        } catch {
            noteIndexError(error)
        }
    }

    /// Brings one index file forward: git's own, or the one that a running `git commit` will use.
    func bringForward(indexFile file: String) throws {
        let update = try indexUpdate()
        guard file == places.index else { return try update.apply(to: file) }
        finish(update, .success(try update.apply()))
    }

    /// Without an index file every file of the branch has to go into a new one.
    private func noteWholeTree() throws(GitError) {
        guard tip != nil, report.headElsewhere == nil else { return }
        for change in try TreeDifference(from: nil, to: trees.root, in: database).changes {
            keeper.note(change.path, from: nil, to: change.new)
        }
    }
}
