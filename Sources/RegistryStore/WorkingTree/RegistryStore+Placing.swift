internal import Git
internal import Logging
internal import Registry

extension RegistryStore {
    /// So many files are put into place by the writer itself.
    private static let fewFiles = 4

    /// Begins to bring the files of a batch to their committed content, and calls `done` when each
    /// is there, or a person's edit, or known to be behind.
    func beginPlacing(
        _ files: [FilePath: Draft.FileEdit], then done: @escaping @Sendable () -> Void
    ) {
        let jobs = files.map { path, edit in
            job(edit.bytes, as: edit.new, at: path, replacing: [edit.old])
        }
        let earlier = placing.isEmpty ? [] : jobs.compactMap { placing[FilePath($0.path)] }
        if earlier.isEmpty, jobs.count <= Self.fewFiles {
            // Another thread would cost more than it saves.
            note(jobs.map { FilePlacer.Outcome(job: $0, result: workingTree.place($0)) })
            return done()
        }
        let isLarge =
            jobs.count > FilePlacer.largeBatch || earlier.contains(where: \.isInLargeBatch)
        for job in jobs {
            placing[FilePath(job.path), default: Placing()].add(job, isLarge: isLarge)
        }
        placer.place(jobs, isLarge: isLarge, then: done)
    }

    /// Brings one file of the working tree to its committed content, at once.
    ///
    /// - Parameter known: what the file may hold now, because it was committed there.
    func place(
        _ bytes: [UInt8]?, as wanted: TreeEditor.File?, at path: String,
        replacing known: Set<TreeEditor.File?>
    ) {
        settleFiles()
        let job = job(bytes, as: wanted, at: FilePath(path), replacing: known)
        note(FilePlacer.Outcome(job: job, result: workingTree.place(job)))
    }

    /// The same with the content from the repository.
    func place(
        _ wanted: TreeEditor.File?, at path: String, replacing known: Set<TreeEditor.File?>
    ) throws(GitError) {
        let bytes = try wanted.map { file throws(GitError) in
            try database.read(file.id, as: .blob)
        }
        place(bytes, as: wanted, at: path, replacing: known)
    }

    /// Waits until no file of an earlier batch is on its way.
    func settleFiles() {
        guard !placing.isEmpty else { return }
        placer.wait()
        notePlacedFiles()
    }

    /// Takes note of the files that were put into place meanwhile.
    func notePlacedFiles() {
        let outcomes = placer.takeOutcomes()
        guard !outcomes.isEmpty else { return }
        for outcome in outcomes {
            let path = FilePath(outcome.job.path)
            if placing[path]?.finish() == true { placing[path] = nil }
        }
        note(outcomes)
    }

    private func note(_ outcomes: [FilePlacer.Outcome]) {
        let wasQuiet = edits.isEmpty && behind.isEmpty
        for outcome in outcomes { note(outcome) }
        if !wasQuiet || !edits.isEmpty || !behind.isEmpty { publish() }
    }

    /// What a file may hold that older batches are on their way to, or could not be brought to;
    /// empty when there are none.
    func lateContents(of path: FilePath) -> Set<TreeEditor.File?> {
        (placing[path]?.contents ?? []).union(behind[path] ?? [])
    }

    private func job(
        _ bytes: [UInt8]?, as wanted: TreeEditor.File?, at path: FilePath,
        replacing known: Set<TreeEditor.File?>
    ) -> FilePlacer.Job {
        FilePlacer.Job(
            path: path.text, wanted: wanted, bytes: bytes,
            known: known.union(lateContents(of: path)))
    }

    private func note(_ outcome: FilePlacer.Outcome) {
        let path = outcome.job.path
        switch outcome.result {
        case .success(.done(let facts)):
            behind[FilePath(path)] = nil
            keeper.noteWritten(path, facts)
            edits[path] = nil
        case .success(.personsEdit):
            behind[FilePath(path)] = nil
            lookAtFile(path, mayPlace: false)
        case .failure(let error):
            behind[FilePath(path), default: []].formUnion(outcome.job.known)
            report.lastError = "\(error)"
            logger.error(
                "A committed file could not be written; it is tried again.",
                metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }
}

/// The jobs that are on their way to one file.
struct Placing {
    private var jobs = 0
    /// Everything that the file may hold until they are done.
    private(set) var contents: Set<TreeEditor.File?> = []
    /// Whether one of them is, so that those that follow must be.
    private(set) var isInLargeBatch = false

    mutating func add(_ job: FilePlacer.Job, isLarge: Bool) {
        jobs += 1
        isInLargeBatch = isInLargeBatch || isLarge
        contents.formUnion(job.known)
        contents.insert(job.wanted)
    }

    /// Notes that one is done.
    ///
    /// - Returns: whether it was the last.
    mutating func finish() -> Bool {
        jobs -= 1
        return jobs <= 0
    }
}
