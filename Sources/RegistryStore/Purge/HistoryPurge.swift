internal import Git
internal import JSON
public import Logging
internal import Registry
internal import Subprocess

extension RegistryStore {
    /// Takes texts, documents and people out of the whole history, as the only process that has
    /// the registry.
    ///
    /// Up to the moment that it is decided the old history stands, whatever happens; from then on
    /// the next start goes on with it. A trial reads only, also beside a server.
    ///
    /// - Parameter progress: is told what is being done.
    /// - Throws: ``PurgeError``, ``StoreOpeningError``.
    public static func purge(
        _ request: PurgeRequest, in options: StoreOptions, isTrial: Bool, logger: Logger,
        progress: @escaping (String) -> Void = { _ in }
    ) async throws -> PurgeReport {
        let rules = try PurgeRules(request)
        let places = try Self.places(options)
        if isTrial {
            let trial = try RewrittenHistory(rules, of: places) { _ in }
            try PurgeFitness(places).require()
            try Self.requireValid(trial)
            return trial.report
        }
        // Brings the journal's promises and the files to an end first.
        let store = try await RegistryStore.open(options, logger: logger)
        await store.close()
        let lock = try StoreLock(places.lock, of: options.repository)
        defer { lock.releaseInOrder() }
        try PurgeFitness(places).require()
        return try await HistoryPurge(rules, places, progress: progress).run()
    }

    static func places(_ options: StoreOptions) throws -> StorePlaces {
        do {
            let repository = try Repository(opening: options.repository)
            return try StorePlaces(of: repository, state: options.stateDirectory)
        } catch {
            throw StoreOpeningError(error, path: options.repository)
        }
    }

    fileprivate static func requireValid(_ history: RewrittenHistory) throws {
        guard let first = history.problems.first else { return }
        let more = history.problems.count - 1
        throw PurgeError(
            "the registry would not be valid as it is now: \(first)"
                + (more > 0 ? " (and \(more) more)" : "")
                + "; change or delete that document first, then purge what was before")
    }
}

/// One purge, from the first look to the last file.
struct HistoryPurge {
    let rules: PurgeRules
    let places: PurgePlaces
    let progress: (String) -> Void

    init(_ rules: PurgeRules, _ store: StorePlaces, progress: @escaping (String) -> Void) {
        self.rules = rules
        self.places = PurgePlaces(store: store)
        self.progress = progress
    }

    func run() async throws -> PurgeReport {
        var report = try await prepare()
        guard !report.isEmpty else {
            try places.clear()
            try settleState(&report)
            return report
        }
        progress("putting it in the place of the old one")
        let left = try PurgeSwitch(places.store)?.finish() ?? []
        report.notes += left.map { "\($0) was changed meanwhile and is as it was; look at it" }
        try settleState(&report)
        return report
    }

    /// Makes the new history and decides that it counts, where there is anything to purge.
    func prepare() async throws -> PurgeReport {
        try places.clear()
        try FileSystem.makeFolder(places.folder, permissions: 0o700)
        do {
            let history = try await write()
            var report = history.report
            if !report.isEmpty { report.generation = try await decide(history) }
            return report
        } catch {
            // The old history stands.
            try? places.clear()
            throw error
        }
    }

    /// Writes the new history into a repository of its own.
    private func write() async throws -> RewrittenHistory {
        try await git("init", "--quiet", "--bare", places.repository)
        progress("reading the history")
        let history = try rewritten()
        try RegistryStore.requireValid(history)
        guard !history.report.isEmpty else { return history }
        let objects = places.store.commonDirectory + "/objects"
        let alternates = "\(places.repository)/objects/info/alternates"
        try FileSystem.replace(alternates, Array("\(objects)\n".utf8))
        let references = history.references.map { "\($0.new) \($0.name)\n" }.joined()
        try FileSystem.replace(
            "\(places.repository)/packed-refs",
            Array("# pack-refs with: sorted\n\(references)".utf8))
        progress("packing \(history.report.commits) commits")
        try await git("-C", places.repository, "repack", "-a", "-d", "-q")
        try FileSystem.remove(alternates)
        progress("looking at every object of it")
        try await git(
            "-C", places.repository, "fsck", "--full", "--no-dangling", "--no-progress")
        try requireGone()
        return history
    }

    private func rewritten() throws -> RewrittenHistory {
        let repository = try Repository(opening: places.repository)
        let output = PurgeOutput(PackFolder(of: repository))
        let history = try RewrittenHistory(rules, of: places.store) { try output.add($0) }
        try output.finish()
        return history
    }

    /// Looks whether anything is left of what must be gone.
    private func requireGone() throws {
        let database = try ObjectDatabase(folder: places.repository + "/objects")
        for id in try database.ids() {
            let object = try database.read(id)
            let isLeft =
                object.kind == .commit || object.kind == .tag
                ? rules.messages.isIn(object.bytes) || rules.isIn(object.bytes)
                : rules.isIn(object.bytes)
            guard !isLeft else { throw PurgeError("the object \(id) would still hold it") }
        }
    }

    /// Writes down what is to be done; from then on the new history counts.
    private func decide(_ history: RewrittenHistory) async throws -> String {
        try FileSystem.makeFolder(places.files, permissions: 0o700)
        for (id, bytes) in history.contents {
            try FileSystem.replace("\(places.files)/\(id)", bytes)
        }
        let known = Renewals(places.store)
        try FileSystem.replace(
            places.renewals, known.adding(history.renewed), permissions: 0o600)
        let generation = Generation.next(after: Generation.current(places.store))
        let packs = (FileSystem.names(in: places.newPacks) ?? [])
            .filter { $0.hasSuffix(".pack") }.map { String($0.dropLast(5)) }
        let plan = PurgePlan(
            generation: generation, packs: packs, tree: history.tree, files: history.files)
        try FileSystem.flush(fileSystemOf: places.folder)
        try FileSystem.replace(places.plan, plan.json.canonicalBytes(), permissions: 0o600)
        try FileSystem.flush(folder: places.folder)
        return generation
    }

    /// Looks into what is beside the history.
    private func settleState(_ report: inout PurgeReport) throws {
        guard !rules.texts.isEmpty else { return }
        report.notes += try PurgedState(rules.texts, places.store).settle()
    }

    private func git(_ arguments: String...) async throws {
        let result = try await Subprocess.run(
            .name("git"), arguments: Arguments(arguments),
            environment: .git, output: .discarded,
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw PurgeError(
                "git \(arguments.joined(separator: " ")): \(result.standardError)")
        }
    }
}

/// Collects new objects into packs.
private final class PurgeOutput {
    private let folder: PackFolder
    private var builder = PackBuilder()
    private var size = 0

    private static let packBytes = 64 << 20

    init(_ folder: PackFolder) { self.folder = folder }

    func add(_ object: GitObject) throws {
        builder.add(NewObject(object))
        size += object.bytes.count
        if size >= Self.packBytes { try finish() }
    }

    func finish() throws {
        guard !builder.isEmpty else { return }
        let full = builder
        builder = PackBuilder()
        size = 0
        _ = try folder.add(full.finish(), isKept: false, flush: false)
    }
}
