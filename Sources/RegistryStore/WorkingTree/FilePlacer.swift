internal import Dispatch
internal import Git
internal import Registry
internal import Synchronization

/// Puts the files of committed batches into the working tree, those of one path in order, on threads
/// of its own.
///
/// So the writer makes the next commits while the files of the last ones are put into place, and a
/// batch of thousands of files keeps nobody waiting who wants another one.
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

    /// A batch of more files is a large one.
    static let largeBatch = 512

    private let workingTree: WorkingTree
    private let outcomes = Mutex<[Outcome]>([])
    private let thread = WorkThread(label: "registry-files")
    private let largeQueue = DispatchQueue(label: "registry-many-files")
    private let largeBatches = Atomic(0)

    init(_ workingTree: WorkingTree) { self.workingTree = workingTree }

    /// Does the jobs, then calls `done`.
    ///
    /// - Parameter isLarge: behind all that were given before; the others are done behind those that
    ///   were given as small ones.
    func place(_ jobs: [Job], isLarge: Bool, then done: @escaping @Sendable () -> Void) {
        guard isLarge else {
            return thread.async {
                self.place(jobs[...], in: self.workingTree)
                done()
            }
        }
        largeBatches.add(1, ordering: .relaxed)
        largeQueue.async {
            self.thread.wait()
            inHalves(jobs.count) { half in
                let tree = self.workingTree
                self.place(jobs[half], in: half.lowerBound == 0 ? tree : tree.draftingElsewhere)
            }
            self.largeBatches.subtract(1, ordering: .relaxed)
            done()
        }
    }

    private func place(_ jobs: ArraySlice<Job>, in tree: WorkingTree) {
        let placed = jobs.map { Outcome(job: $0, result: tree.place($0)) }
        outcomes.withLock { $0 += placed }
    }

    /// Whether a large batch is on its way.
    var isPlacingMany: Bool { largeBatches.load(ordering: .relaxed) > 0 }

    /// Waits until every job is done.
    func wait() {
        thread.wait()
        largeQueue.sync {}
    }

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
