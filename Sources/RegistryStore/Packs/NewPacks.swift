internal import Dispatch
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
    private struct Member {
        let name: String
        let entries: [PackEntry]
        /// Of its file.
        let bytes: Int
        /// When the oldest of its objects was written, in monotonic seconds.
        let begun: Double
        var isJoined = false
        var isCompressed = false
    }

    private struct State {
        /// Oldest first.
        var members: [Member] = []
        /// Joined with others, oldest first: git programs that are running may need them yet.
        var replaced: [(name: String, since: Double)] = []
        var isJoining = false
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

    private let folder: PackFolder
    private let logger: Logger
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "registry-packs", qos: .utility)
    /// Where packs are written while the journal is flushed.
    let writing = DispatchQueue(label: "registry-new-packs")

    /// So many packs of single batches make it worth while to join them.
    private static let singleLimit = 10
    /// More packs than that slow every program down that looks for an object.
    private static let countLimit = 20
    /// The newest are left alone: git programs have just learned of them.
    private static let youngest = 2
    /// Packs of more than that are left to git, which packs tighter.
    private static let objectLimit = 100_000
    private static let byteLimit = 64 << 20
    /// So long a joined pack stays for git programs that had begun before.
    private static let replacedSeconds = 15.0
    /// With so many packs, those of others counted, it stays no longer.
    private static let totalLimit = 28
    /// For at least so long the journal holds what a pack holds.
    private static let journaledSeconds = Double(Journal.retentionSeconds) / 2

    init(_ folder: PackFolder, logger: Logger) {
        self.folder = folder
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
        folder.release(name)
        let isDue = state.withLock { $0.single >= Self.singleLimit && !$0.isJoining }
        if isDue { queue.async { self.join() } }
    }

    /// The batch did not happen: nobody will need the pack.
    func discard(_ name: String) {
        state.withLock { $0.members.removeAll { $0.name == name } }
        folder.remove(name)
    }

    /// Waits for packs to be joined where they have become too many.
    private func waitForRoom() {
        if state.withLock({ $0.total }) > Self.totalLimit { removeReplaced() }
        let isFull = state.withLock {
            $0.members.count > Self.countLimit || $0.total > Self.totalLimit + Self.youngest
        }
        if isFull { settle() }
    }

    /// Compresses every pack and leaves it to git, which is about to pack: none of them is joined
    /// or removed here any more.
    func handOver() async {
        while await compressNext() {}
        state.withLock { $0 = State(foreign: $0.total) }
    }

    /// Compresses the oldest packs that are not, as many as fit into one, between two joins.
    ///
    /// - Returns: false when that was the last, or could not be done.
    private func compressNext() async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async {
                let open = self.state.withLock { $0.members.filter { !$0.isCompressed } }
                let chosen = Self.firstPart(of: open.dropLast(Self.youngest))
                let isDone = self.join(chosen, compressing: Deflater())
                continuation.resume(
                    returning: isDone && chosen.count < open.count - Self.youngest)
            }
        }
    }

    /// Waits until nothing is being joined or removed.
    func settle() { queue.sync {} }

    /// The packs that git may index together: those of others.
    var foreignNames: [String] {
        let own = state.withLock { Set($0.members.map(\.name) + $0.replaced.map(\.name)) }
        return folder.names.filter { !own.contains($0) && !folder.isKept($0) }
    }

    /// Removes packs that were joined with others a while ago.
    func tidy() {
        queue.async {
            self.countForeign()
            self.removeReplaced()
        }
    }

    private func countForeign() {
        let count = foreignNames.count
        state.withLock { $0.foreign = count }
    }

    /// Takes over the small packs that an earlier server has left.
    func adopt() {
        queue.async {
            guard let indexed = try? self.folder.indexedTogether() else { return }
            let names = self.folder.names.filter { !indexed.contains($0) }
            let members = names.compactMap(self.read).sorted { $0.1 < $1.1 }.map(\.0)
            self.state.withLock { $0.members = members + $0.members }
            self.countForeign()
            if members.count >= Self.singleLimit { self.join() }
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

extension NewPacks {
    /// Joins the newest packs; on this object's own queue.
    private func join() {
        let chosen = state.withLock { state -> [Member] in
            state.isJoining = true
            let open = state.members.dropLast(Self.youngest).drop(while: \.isCompressed)
            return Self.choice(among: open)
        }
        if chosen.count > 1 { join(chosen, compressing: nil) }
        state.withLock { $0.isJoining = false }
        countForeign()
    }

    /// - Parameter deflater: nil leaves what is stored plain: small packs live for seconds only.
    /// - Returns: false when it could not be done.
    @discardableResult
    private func join(_ chosen: [Member], compressing deflater: Deflater?) -> Bool {
        guard !chosen.isEmpty else { return true }
        do throws(FileError) {
            let (joined, names) = try write(chosen, compressing: deflater)
            replace(names, by: joined)
            return true
        } catch {
            logger.warning(
                "Small packs could not be joined; it is tried again.",
                metadata: ["error": "\(error)"])
            return false
        }
    }

    /// The first packs, one at least, that fit into one.
    private static func firstPart(of members: some Swift.Collection<Member>) -> [Member] {
        var objects = 0
        var bytes = 0
        return Array(
            members.prefix { member in
                objects += member.entries.count
                bytes += member.bytes
                return objects == member.entries.count
                    || (objects <= objectLimit && bytes <= byteLimit)
            })
    }

    private func removeReplaced() {
        let now = Clock.monotonicSeconds
        let old = state.withLock { state -> [String] in
            let surplus = state.total - Self.totalLimit
            let aged = state.replaced.count { now - $0.since > Self.replacedSeconds }
            let count = min(max(surplus, aged), state.replaced.count)
            defer { state.replaced.removeFirst(count) }
            return state.replaced.prefix(count).map(\.name)
        }
        guard !old.isEmpty, let kept = try? folder.indexedTogether() else { return }
        for name in old where !kept.contains(name) { folder.remove(name) }
    }

    /// The newest packs, as many as keep every other one twice as large as all that are newer.
    private static func choice(among members: ArraySlice<Member>) -> [Member] {
        var objects = 0
        var bytes = 0
        var first = members.endIndex
        for (place, member) in zip(members.indices, members).reversed() {
            let isSmall = member.entries.count < 2 * objects || members.endIndex - place <= 2
            guard isSmall, objects + member.entries.count <= objectLimit,
                bytes + member.bytes <= byteLimit
            else { break }
            objects += member.entries.count
            bytes += member.bytes
            first = place
        }
        return Array(members[first...])
    }

    /// - Returns: the joined pack, nil where none of the packs is there any more; and the names of
    ///   those that are in it or gone.
    private func write(
        _ chosen: [Member], compressing deflater: Deflater?
    ) throws(FileError) -> (joined: Member?, names: Set<String>) {
        var builder = PackBuilder()
        var names: Set<String> = []
        for member in chosen {
            // A person's git may have packed its objects elsewhere and removed it.
            if let bytes = try folder.bytes(of: member.name) {
                let isWhole = member.entries.allSatisfy {
                    builder.add($0, of: bytes, compressing: deflater)
                }
                guard isWhole else {
                    leave(member)
                    continue
                }
            }
            names.insert(member.name)
        }
        guard !builder.isEmpty else { return (nil, names) }
        let pack = builder.finish()
        let begun = chosen.reduce(Double.infinity) { min($0, $1.begun) }
        let isJournaled = Clock.monotonicSeconds - begun < Self.journaledSeconds
        let name = try folder.add(pack, isKept: false, flush: !isJournaled)
        let joined = Member(
            name: name, entries: pack.entries, bytes: pack.bytes.count, begun: begun,
            isJoined: true, isCompressed: deflater != nil)
        return (joined, names)
    }

    /// Joins a pack that cannot be read with no other one.
    private func leave(_ member: Member) {
        state.withLock { $0.members.removeAll { $0.name == member.name } }
        logger.error("A pack cannot be read.", metadata: ["pack": "\(member.name)"])
    }

    private func replace(_ names: Set<String>, by joined: Member?) {
        state.withLock { state in
            guard let place = state.members.firstIndex(where: { names.contains($0.name) }) else {
                return
            }
            state.members.removeAll { names.contains($0.name) }
            let now = Clock.monotonicSeconds
            for name in names where name != joined?.name { state.replaced.append((name, now)) }
            if let joined { state.members.insert(joined, at: place) }
        }
    }
}
