internal import Dispatch
internal import Git
internal import Synchronization

/// Puts the files of committed batches into the working tree, in order, on a thread of its own.
///
/// So the writer makes the next commits while the files of the last ones are put into place.
final class FilePlacer: Sendable {
    /// One file to bring to its committed content.
    struct Job: Sendable {
        let path: String
        /// nil removes the file.
        let wanted: TreeEditor.File?
        /// The content of what is wanted.
        let bytes: [UInt8]?
        /// What the file may hold now, because it was committed there; nil stands for no file.
        let known: Set<TreeEditor.File?>
    }

    /// What came of one job.
    struct Outcome: Sendable {
        let job: Job
        let result: Result<WorkingTree.Placement, FileError>
    }

    private let workingTree: WorkingTree
    private let outcomes = Mutex<[Outcome]>([])
    private let queue = DispatchQueue(label: "registry-files")

    init(_ workingTree: WorkingTree) { self.workingTree = workingTree }

    /// Does the jobs behind those that were given before, then calls `done`.
    func place(_ jobs: [Job], then done: @escaping @Sendable () -> Void) {
        queue.async {
            let placed = jobs.map { Outcome(job: $0, result: self.workingTree.place($0)) }
            self.outcomes.withLock { $0 += placed }
            done()
        }
    }

    /// Waits until every job is done.
    func wait() { queue.sync {} }

    /// What became of the jobs that were done since the last call, in order.
    func takeOutcomes() -> [Outcome] {
        outcomes.withLock { outcomes in
            defer { outcomes = [] }
            return outcomes
        }
    }
}

extension WorkingTree {
    func place(_ job: FilePlacer.Job) -> Result<Placement, FileError> {
        let ids = Set(job.known.map { $0?.id })
        return Result { () throws(FileError) in
            try place(
                job.bytes, isExecutable: job.wanted?.mode == .executable, at: job.path
            ) { found in
                ids.contains(found.map { GitObject(.blob, $0).id })
            }
        }
    }
}
