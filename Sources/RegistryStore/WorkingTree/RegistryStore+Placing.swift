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
            job(edit.bytes, mode: edit.new?.mode, at: path, replacing: [edit.old])
        }
        if placing.isEmpty, jobs.count <= Self.fewFiles {
            // Another thread would cost more than it saves.
            note(jobs.map { FilePlacer.Outcome(job: $0, result: workingTree.place($0)) })
            return done()
        }
        for job in jobs {
            placing[FilePath(job.path), default: Placing()].add(job)
        }
        placer.place(jobs, then: done)
    }

    /// Brings one file of the working tree to its committed content, at once.
    ///
    /// - Parameter known: what the file may hold now, because it was committed there.
    func place(
        _ bytes: [UInt8]?, mode: FileMode?, at path: String, replacing known: Set<TreeEditor.File?>
    ) {
        settleFiles()
        let job = job(bytes, mode: mode, at: FilePath(path), replacing: known)
        note(FilePlacer.Outcome(job: job, result: workingTree.place(job)))
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

    /// What a file may hold while older batches are on their way to it; empty when none is.
    func contentsOnTheWay(to path: FilePath) -> Set<TreeEditor.File?> {
        placing[path]?.contents ?? []
    }

    private func job(
        _ bytes: [UInt8]?, mode: FileMode?, at path: FilePath,
        replacing known: Set<TreeEditor.File?>
    ) -> FilePlacer.Job {
        FilePlacer.Job(
            path: path.text, bytes: bytes, isExecutable: mode == .executable,
            known: known.union(contentsOnTheWay(to: path)).union(behind[path] ?? []))
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

    mutating func add(_ job: FilePlacer.Job) {
        jobs += 1
        contents.formUnion(job.known)
        contents.insert(
            job.bytes.map {
                TreeEditor.File(
                    mode: job.isExecutable ? .executable : .file, id: GitObject(.blob, $0).id)
            })
    }

    /// Notes that one is done.
    ///
    /// - Returns: whether it was the last.
    mutating func finish() -> Bool {
        jobs -= 1
        return jobs <= 0
    }
}
