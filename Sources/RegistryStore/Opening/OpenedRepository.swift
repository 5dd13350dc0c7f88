internal import Git
internal import Registry

/// A repository that is fit to be served, locked for this process and set up.
struct OpenedRepository: ~Copyable {
    let places: StorePlaces
    /// The full name of the served branch.
    let branch: String
    let settings: RegistrySettings
    let lock: StoreLock
    let journal: Journal
    let replayed: JournalReplay
    /// Lock files of a killed server, removed now.
    let removedLocks: [String]
    /// Packs that a power cut has torn, out of git's sight now.
    let tornPacks: [String]
    let packs: PackFolder
    let workingTree: WorkingTree
    let database: ObjectDatabase
    let repository: Repository

    init(_ options: StoreOptions) throws(StoreOpeningError) {
        let path = options.repository
        var repository = try Self.open(path)
        let places = try StorePlaces(of: repository, state: options.stateDirectory)
        try Self.requireSimpleIndex(repository, places)
        // Nothing is left behind in a repository that is no registry.
        if FileFacts(at: places.service) == nil {
            _ = try Self.settings(of: repository, path: path)
        }
        do throws(FileError) {
            try FileSystem.makeFolder(places.service, permissions: 0o700)
        } catch {
            throw .permission(path: places.service, reason: error.description)
        }
        let lock = try StoreLock(places.lock, of: path)
        // A purge that was decided and cut off goes on; git sees other objects then.
        if try Self.finishPurge(places) { repository = try Self.open(path) }
        // First of all: what a power cut left unreadable may be needed right away.
        let workingTree = WorkingTree(places: places)
        let packs = Self.packs(of: repository, workingTree)
        let tornPacks: [String] =
            lock.wasAbandoned
            ? try Self.attempt(places.service) { () throws(FileError) in
                packs.clear()
                return try TornPacks(places: places, folder: packs).remove()
            } : []
        if lock.wasAbandoned {
            try Self.attempt(places.gitDirectory) { () throws(FileError) in
                try TornBranch(places: places)?.mend()
            }
        }
        let replayed = try Self.replay(places, into: repository)
        // A pack may have come back under the name of one that libgit2 has seen with another content.
        if lock.wasAbandoned { repository = try Self.open(path) }
        let settings = try Self.settings(of: repository, path: path)
        let branch = "refs/heads/\(settings.servedBranch)"
        let removedLocks =
            lock.wasAbandoned
            ? try Self.attempt(places.gitDirectory) { () throws(FileError) in
                try StaleLocks(places: places, branch: branch).remove()
            } : []
        try RepositorySetup(places: places, branch: branch, executable: options.executablePath)
            .apply(to: repository)
        let journal = try Self.attempt(places.journal) { () throws(FileError) in
            try Journal(in: places.journal)
        }
        let database = try Self.attempt(path) { () throws(GitError) in
            try ObjectDatabase(of: repository)
        }
        self.places = places
        self.branch = branch
        self.settings = settings
        self.lock = lock
        self.journal = journal
        self.replayed = replayed
        self.removedLocks = removedLocks
        self.tornPacks = tornPacks
        self.packs = packs
        self.workingTree = workingTree
        self.database = database
        self.repository = repository
    }

    /// The repository's packs, whose files go to and come from the working tree's spare ones where
    /// both are on one file system.
    private static func packs(
        of repository: borrowing Repository, _ workingTree: WorkingTree
    ) -> PackFolder {
        let device = FileFacts(at: PackFolder.path(in: repository))?.device
        let isNear = device == FileFacts(at: workingTree.places.service)?.device
        return PackFolder(of: repository, spares: isNear ? workingTree.spares : nil)
    }

    private static func finishPurge(_ places: StorePlaces) throws(StoreOpeningError) -> Bool {
        do {
            guard let purge = try PurgeSwitch(places) else { return false }
            try purge.finish()
            return true
        } catch {
            throw StoreOpeningError(error, path: places.workingTree)
        }
    }

    private static func open(_ path: String) throws(StoreOpeningError) -> Repository {
        let repository = try attempt(path) { () throws(GitError) in
            try Repository(opening: path)
        }
        if repository.isBare { throw .bare(path: path) }
        return repository
    }

    private static func replay(
        _ places: StorePlaces, into repository: borrowing Repository
    ) throws(StoreOpeningError) -> JournalReplay {
        do {
            return try JournalReplay(
                of: Journal.records(in: places.journal),
                settledBefore: Checkpoint(reading: places.checkpoint)?.segment ?? 0,
                into: repository)
        } catch {
            throw StoreOpeningError(error, path: places.journal)
        }
    }

    private static func requireSimpleIndex(
        _ repository: borrowing Repository, _ places: StorePlaces
    ) throws(StoreOpeningError) {
        if repository.configuration("core.sparsecheckout") == "true" {
            throw .unsupported(
                reason: "the working tree is a sparse checkout",
                command: "git sparse-checkout disable")
        }
        if repository.configuration("core.splitindex") == "true" {
            throw .unsupported(
                reason: "git's index is split",
                command: "git config core.splitIndex false && git update-index --no-split-index")
        }
        if StagedFiles(reading: places.index).isWhole { return }
        do throws(GitError) {
            // It has the words for what is wrong.
            _ = try GitIndex(opening: places.index)
        } catch {
            throw .unsupported(
                reason: "git's index cannot be read (\(error.message))", command: "git reset")
        }
    }

    /// The full name of the branch that a server would serve there.
    static func servedBranch(
        of repository: borrowing Repository, path: String
    ) throws(StoreOpeningError) -> String {
        "refs/heads/\(try settings(of: repository, path: path).servedBranch)"
    }

    /// The newest valid `registry.json`: of HEAD, else of the usual branches, else of the commits
    /// before, because one bad commit must not keep the registry from being served.
    private static func settings(
        of repository: borrowing Repository, path: String
    ) throws(StoreOpeningError) -> RegistrySettings {
        var reason: StoreOpeningError = .notARegistry(path: path)
        let database = try attempt(path) { () throws(GitError) in
            try ObjectDatabase(of: repository)
        }
        for name in ["HEAD", "refs/heads/main", "refs/heads/master"] {
            let versions = try attempt(path) { () throws(GitError) in
                try Self.settingsFiles(name, in: repository, database)
            }
            for bytes in versions {
                if let version = RegistrySettings.newerFormat(of: bytes) {
                    throw .newerFormat(
                        path: path, version: version,
                        supported: RegistrySettings.currentFormatVersion)
                }
                do throws(InvalidDocument) {
                    return try RegistrySettings(parsing: bytes)
                } catch {
                    if case .notARegistry = reason {
                        reason = .invalidSettings(path: path, reason: error.description)
                    }
                }
            }
        }
        throw reason
    }

    /// The versions of `registry.json` that a reference's last commits hold, newest first.
    private static func settingsFiles(
        _ name: String, in repository: borrowing Repository, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> [[UInt8]] {
        guard let tip = try repository.target(of: name) else { return [] }
        var versions: [ObjectID] = []
        for id in try repository.commits(from: tip, firstParentOnly: true, limit: 1_000) {
            let commit = try database.commit(id)
            var trees = TreeEditor(root: commit.tree)
            let file = try trees.file(at: RegistrySettings.path, in: database)
            if let file, versions.last != file.id { versions.append(file.id) }
            // The newest is nearly always good; look further only when it may not be.
            if versions.count == 1, let newest = versions.first,
                (try? RegistrySettings(parsing: database.read(newest, as: .blob))) != nil
            {
                break
            }
        }
        return try versions.map { id throws(GitError) in try database.read(id, as: .blob) }
    }

    private static func attempt<Result: ~Copyable, Failure: Error>(
        _ path: String, _ body: () throws(Failure) -> Result
    ) throws(StoreOpeningError) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            throw StoreOpeningError(error, path: path)
        }
    }
}
