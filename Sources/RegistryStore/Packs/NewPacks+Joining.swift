internal import Git
internal import Logging
internal import Synchronization

extension NewPacks {
    /// Joins the newest packs; on this object's own thread.
    func join() {
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
    func join(_ chosen: [Member], compressing deflater: Deflater?) -> Bool {
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
    static func firstPart(of members: some Swift.Collection<Member>) -> [Member] {
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

    func removeReplaced() {
        let now = Clock.monotonicSeconds
        let old = state.withLock { state -> [String] in
            let surplus = state.total - Self.totalLimit
            let aged = state.replaced.count { now - $0.since > Self.replacedSeconds }
            let count = min(max(surplus, aged), state.replaced.count)
            defer { state.replaced.removeFirst(count) }
            return state.replaced.prefix(count).map(\.name)
        }
        if !old.isEmpty, let kept = try? folder.indexedTogether() {
            for name in old where !kept.contains(name) {
                folder.removePack(name)
                state.withLock { $0.removed.append((name, now)) }
            }
        }
        removeIndexes(keeping: Self.removedLimit)
    }

    /// Removes the indexes of packs that were removed a while ago.
    func removeIndexes(keeping limit: Int) {
        let now = Clock.monotonicSeconds
        let old = state.withLock { state in
            let aged = state.removed.count { now - $0.since > Self.removedSeconds }
            let count = max(aged, state.removed.count - limit)
            defer { state.removed.removeFirst(count) }
            return state.removed.prefix(count).map(\.name)
        }
        // A pack of the same content may have come again.
        for name in old where folder.facts(of: name) == nil { folder.removeIndex(name) }
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
        let isKept = state.withLock { $0.kept != nil }
        let name = try folder.add(pack, isKept: isKept, flush: !isJournaled)
        if isKept, !staysKept(name) { folder.release(name) }
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
