internal import Git
internal import Logging
public import Registry
internal import Synchronization

/// The one writer of a registry: it owns the repository, and every change goes through it.
///
/// Reads take ``index`` and never wait for it. Git's calls block, so the actor runs on a thread of
/// its own.
public actor RegistryStore {
    /// The snapshots that requests read.
    public nonisolated let index: RegistryIndex
    /// Signals and secrets are here.
    public nonisolated let stateDirectory: String
    /// Where the hooks and commands reach this server.
    public nonisolated let socketPath: String

    /// The folder of the documents' files.
    public nonisolated var workingTreePath: String { places.workingTree }
    /// git's own folder of that working tree.
    public nonisolated var gitDirectory: String { places.gitDirectory }

    /// Gives out the integers that new documents are shown by.
    public nonisolated let numbers: SequenceNumbers
    /// What else commands may ask by the socket, by the first word.
    nonisolated let handlers = Mutex<[String: CommandHandler]>([:])
    /// Names the history: another one after each purge, so that who follows or mirrors it knows.
    public nonisolated let generation: String
    /// The ids that commits have got by purges.
    nonisolated let renewals: Renewals

    nonisolated let waiting = TransactionQueue()
    nonisolated let recent = RecentObjects()
    nonisolated let packs: NewPacks
    nonisolated let published: Mutex<Published>
    /// What addresses of pages begin with; nil before the server listens.
    nonisolated let address = Mutex<String?>(nil)
    nonisolated let knownProposals = Mutex<[Int: Proposal]>([:])
    nonisolated let historyIndex: HistoryIndex
    nonisolated let reader: HistoryReader
    nonisolated let snapshots: SnapshotReader
    nonisolated let events: EventReader
    /// For flushes and looks at the newest objects, which must not meet.
    nonisolated let upkeep = BackgroundThread(label: "registry-upkeep")
    nonisolated let scan: WorkingTreeScan
    nonisolated let snapshotFile: SnapshotFile
    nonisolated let cache: DerivedCache
    nonisolated let options: StoreOptions
    nonisolated let places: StorePlaces
    nonisolated let logger: Logger
    /// The full name of the served branch, `refs/heads/main`.
    nonisolated let branch: String
    private nonisolated let executor = WorkThread(label: "registry-store")
    nonisolated let lock: StoreLock

    var repository: Repository
    var database: ObjectDatabase
    let workingTree: WorkingTree
    let placer: FilePlacer
    var journal: Journal
    /// The registry at ``tip``.
    var committed: Snapshot
    /// The trees at ``tip``.
    var trees: TreeEditor
    /// The newest commit of the served branch; nil before the first.
    var tip: ObjectID?
    var keeper: IndexKeeper
    var edits = UncommittedEdits()
    /// What the server signs its commits with, once it was asked for.
    var signer: SigningKey?
    /// The file of allowed signers that names the key.
    var knownSigners: ObjectID?
    /// What ``status`` will show at the next publication.
    var report: StoreStatus
    var schedule = Schedule()
    /// The state right after the start, which is to be flushed while it is served already.
    var firstCheckpoint: Checkpoint?
    /// The commit whose files the working tree holds, flushed.
    var filesCommit: ObjectID?
    /// Files that could not be written after their commit, with what they held before.
    var behind: [FilePath: Set<TreeEditor.File?>] = [:]
    /// Files of batches that are committed, on their way into the working tree.
    var placing: [FilePath: Placing] = [:]
    /// Files that were touched while the server had one on its way there.
    var touchedWhilePlacing: Set<FilePath> = []
    var watcher: FolderWatcher?

    /// What other threads may ask at any time.
    struct Published {
        var status: StoreStatus
        var statistics = StoreStatistics()
        var sync: SyncStatus?
    }

    /// What ``status`` shows of the upstream from now on.
    nonisolated func publish(sync: SyncStatus?) { published.withLock { $0.sync = sync } }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// What people should know about the repository beside its documents.
    public nonisolated var status: StoreStatus {
        published.withLock { published in
            var status = published.status
            status.sync = published.sync
            status.history = historyIndex.progress
            return status
        }
    }

    /// Counts since the start.
    public nonisolated var statistics: StoreStatistics { published.withLock { $0.statistics } }

    init(_ opened: consuming OpenedRepository, options: StoreOptions, logger: Logger) {
        self.options = options
        self.logger = logger
        places = opened.places
        generation = Generation.current(opened.places)
        renewals = Renewals(opened.places)
        branch = opened.branch
        lock = opened.lock
        historyIndex = HistoryIndex(places: opened.places)
        reader = HistoryReader(index: historyIndex, places: opened.places, renewals: renewals)
        events = EventReader(path: opened.places.gitDirectory)
        numbers = SequenceNumbers(repository: opened.places.workingTree, logger: logger)
        snapshotFile = SnapshotFile(places: opened.places)
        stateDirectory = opened.places.state
        socketPath = opened.places.socket
        workingTree = opened.workingTree
        scan = WorkingTreeScan(workingTree)
        placer = FilePlacer(workingTree)
        cache = DerivedCache(source: LargeDocuments(workingTree))
        snapshots = SnapshotReader(places: opened.places, cache: cache)
        committed = Snapshot(settings: opened.settings, cache: cache)
        index = RegistryIndex(committed)
        trees = TreeEditor()
        keeper = IndexKeeper(places: opened.places, commit: nil)
        let status = StoreStatus(branch: opened.settings.servedBranch)
        report = status
        published = Mutex(Published(status: status))
        packs = NewPacks(opened.packs, lock: opened.lock, logger: logger)
        journal = opened.journal
        database = opened.database
        repository = opened.repository
    }

    /// Commits one transaction, together with those that wait at the same time.
    ///
    /// When this returns the change is durable, in `git log`, in the working tree and in
    /// ``index``. A client that goes away does not stop it.
    ///
    /// - Throws: what the transaction throws, or why it could not be stored; then nothing of it
    ///   has happened.
    public nonisolated func submit<Answer>(
        _ transaction: Transaction<Answer>
    ) async throws(RegistryError) -> Committed<Answer> {
        let ticket = Ticket(transaction)
        waiting.append(ticket)
        await commitWaiting(until: ticket)
        return try await ticket.outcome.get()
    }

    /// Tells others who hold against the lock where this server is, `http://127.0.0.1:8000`.
    ///
    /// - Parameter links: what addresses of pages begin with, `https://registry.example.org`.
    public nonisolated func announce(_ address: String, links: String? = nil) {
        lock.announce(address)
        self.address.withLock { $0 = links ?? address }
    }

    func publishStatus() {
        let report = report
        published.withLock { $0.status = report }
    }

    /// Lets readers see the newest commit with the valid edits of the working tree.
    func publish() {
        let served = options.committedOnly ? committed : edits.applied(to: committed)
        index.publish(committed: committed, served: served)
        report.uncommittedEdits = edits.list
        report.filesBehind = behind.keys.sorted().map(\.text)
        report.isIndexBehind = keeper.isBehind
        forgetSettledConflicts()
        publishStatus()
    }
}
