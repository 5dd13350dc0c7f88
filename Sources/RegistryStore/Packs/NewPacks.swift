internal import Git
internal import Logging
internal import Synchronization

/// The packs that the server has written and git has not yet packed again.
///
/// Each batch of commits is one small pack, so that git sees its objects at once. When some have
/// gathered, the newest are joined with the others of their size, as in a log-structured merge
/// tree: a pack stays at least twice as large as all that are newer. So there are few of them at
/// any time, and joining costs each object a few copies.
final class NewPacks: Sendable {
    /// One pack that may be joined with others.
    struct Member {
        let name: String
        let entries: [PackEntry]
        /// Of its file.
        let bytes: Int
        /// When the oldest of its objects was written, in monotonic seconds.
        let begun: Double
        var isJoined = false
        var isCompressed = false
    }

    struct State {
        /// Oldest first.
        var members: [Member] = []
        /// Joined with others, oldest first: git programs that are running may need them yet.
        var replaced: [(name: String, since: Double)] = []
        /// Removed but for their indexes, oldest first.
        var removed: [(name: String, since: Double)] = []
        var isJoining = false
        /// While git packs: those that have come since, which keep their `.keep` files so that git
        /// does not reckon with packs that are gone a moment later.
        var kept: [String]?
        /// Objects written since git packed the last time.
        var unpacked = 0
        /// Packs of others, as many as there were at the last look.
        var foreign = 0

        var total: Int { members.count + replaced.count + foreign }

        /// How many have come since the last time that some were joined.
        var single: Int {
            members.count - (members.lastIndex(where: \.isJoined).map { $0 + 1 } ?? 0)
        }
    }

    let folder: PackFolder
    private let lock: StoreLock
    let logger: Logger
    let state = Mutex(State())
    private let upkeep = WorkThread(label: "registry-packs")
    /// Where packs are written while the journal is flushed.
    let writing = WorkThread(label: "registry-new-packs")

    /// So many packs of single batches make it worth while to join them.
    private static let singleLimit = 10
    /// More packs than that slow every program down that looks for an object.
    private static let countLimit = 20
    /// The newest are left alone: git programs have just learned of them.
    static let youngest = 2
    /// Packs of more than that are left to git, which packs tighter.
    static let objectLimit = 100_000
    static let byteLimit = 64 << 20
    /// So long a joined pack stays, where there is room, for git programs that had begun before: a
    /// `git fsck` of a large repository takes its time.
    static let replacedSeconds = 120.0
    /// So long the index of a removed pack stays.
    static let removedSeconds = 15.0
    /// So many indexes of removed packs stay.
    static let removedLimit = 200
    /// With so many packs, those of others counted, it stays no longer.
    static let totalLimit = 28
    /// For at least so long the journal holds what a pack holds.
    static let journaledSeconds = Double(Journal.retentionSeconds) / 2

    /// - Parameter lock: the registry's, held as long as anything is being joined here.
    init(_ folder: PackFolder, lock: StoreLock, logger: Logger) {
        self.folder = folder
        self.lock = lock
        self.logger = logger
        countForeign()
    }

    /// How many packs there are that git has not packed again, without those that will go.
    var count: Int { state.withLock { $0.members.count } }

    /// How many objects git has not packed again.
    var unpackedObjects: Int { state.withLock { $0.unpacked } }

    /// Stores the objects of one batch, unflushed; git finds them when this returns.
    ///
    /// - Returns: the pack's name, for ``release(_:)`` or ``discard(_:)``; nil where there was
    ///   nothing to store.
    func add(_ objects: [NewObject]) throws(FileError) -> String? {
        waitForRoom()
        var builder = PackBuilder()
        for object in objects { builder.add(object) }
        guard !builder.isEmpty else { return nil }
        let pack = builder.finish()
        let name = try folder.add(pack, isKept: true, flush: false)
        let member = Member(
            name: name, entries: pack.entries, bytes: pack.bytes.count,
            begun: Clock.monotonicSeconds)
        state.withLock { state in
            state.members.append(member)
            state.unpacked += pack.entries.count
        }
        return name
    }

    /// The branch leads to the pack's objects now.
    func release(_ name: String) {
        if !staysKept(name) { folder.release(name) }
        let isDue = state.withLock { $0.single >= Self.singleLimit && !$0.isJoining }
        if isDue { upkeep.async { self.join() } }
    }

    /// Whether git is packing, and must not reckon with this one.
    func staysKept(_ name: String) -> Bool {
        state.withLock { state in
            state.kept?.append(name)
            return state.kept != nil
        }
    }

    /// The batch did not happen: nobody will need the pack.
    func discard(_ name: String) {
        state.withLock { $0.members.removeAll { $0.name == name } }
        folder.removePack(name)
        folder.removeIndex(name)
    }

    /// Waits for packs to be joined where they have become too many.
    private func waitForRoom() {
        let (total, count) = state.withLock { ($0.total, $0.members.count) }
        // Some file systems take a millisecond to remove a file: the writer does not wait for that.
        if total > Self.totalLimit { upkeep.async { self.removeReplaced() } }
        if count > Self.countLimit || total > Self.totalLimit + Self.youngest { settle() }
    }

    /// Compresses every pack and leaves it to git, which is about to pack: none of them is joined
    /// or removed here any more. Those that come later are not git's until ``takeBack()``.
    func handOver() async {
        while await compressNext() {}
        state.withLock { $0 = State(removed: $0.removed, kept: [], foreign: $0.total) }
    }

    /// Compresses the oldest packs that are not, as many as fit into one, between two joins.
    ///
    /// - Returns: false when that was the last, or could not be done.
    private func compressNext() async -> Bool {
        await withCheckedContinuation { continuation in
            upkeep.async {
                let open = self.state.withLock { $0.members.filter { !$0.isCompressed } }
                let chosen = Self.firstPart(of: open.dropLast(Self.youngest))
                let isDone = self.join(chosen, compressing: Deflater())
                continuation.resume(
                    returning: isDone && chosen.count < open.count - Self.youngest)
            }
        }
    }

    /// Waits until nothing is being joined or removed.
    func settle() { upkeep.wait() }

    /// Leaves nothing of removed packs, at the server's end.
    func close() {
        settle()
        removeIndexes(keeping: 0)
    }

    /// The packs that git may index together: those of others.
    var foreignNames: [String] {
        let own = state.withLock { Set($0.members.map(\.name) + $0.replaced.map(\.name)) }
        return folder.names.filter { !own.contains($0) && !folder.isKept($0) }
    }

    /// Whether the largest pack of others is less than twice as large as the rest of them together:
    /// then git would roll up all of them, see git-repack(1), `--geometric`.
    var areMostlyNew: Bool {
        let objects = foreignNames.map { folder.objectCount(of: $0) }
        let largest = objects.max() ?? 0
        return largest < 2 * (objects.reduce(0, +) - largest)
    }

    /// Lets git reckon with all packs again.
    func takeBack() {
        upkeep.async {
            let kept = self.state.withLock { state in
                defer { state.kept = nil }
                return state.kept ?? []
            }
            for name in kept { self.folder.release(name) }
        }
    }

    /// Removes packs that were joined with others a while ago.
    func tidy() {
        upkeep.async {
            self.countForeign()
            self.removeReplaced()
        }
    }

    func countForeign() {
        let count = foreignNames.count
        state.withLock { $0.foreign = count }
    }

    /// Takes over the small packs that an earlier server has left; many of them become one.
    func adopt() {
        upkeep.async {
            guard let indexed = try? self.folder.indexedTogether() else { return }
            let names = self.folder.names.filter {
                !indexed.contains($0) && !self.folder.hasBitmap($0)
            }
            let members = names.compactMap(self.read).sorted { $0.1 < $1.1 }.map(\.0)
            self.state.withLock { $0.members = members + $0.members }
            self.countForeign()
            guard members.count >= Self.singleLimit else { return }
            self.join(Self.firstPart(of: members), compressing: nil)
            self.removeReplaced()
        }
    }

    /// - Returns: the pack and the second in which it was made.
    private func read(_ name: String) -> (Member, Int)? {
        let isOurs = state.withLock { $0.members.contains { $0.name == name } }
        guard !isOurs, !folder.isKept(name), let facts = folder.facts(of: name),
            facts.size <= Self.byteLimit,
            let bytes = try? folder.bytes(of: name), let index = try? folder.index(of: name),
            let pack = Pack(bytes: bytes, index: index), pack.entries.count <= Self.objectLimit
        else { return nil }
        let member = Member(
            name: name, entries: pack.entries, bytes: bytes.count, begun: -Double.infinity)
        return (member, facts.modified.seconds)
    }
}
