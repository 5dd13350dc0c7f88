internal import Git
internal import Registry

/// Reads events on a thread and through a handle of its own.
///
/// All who follow the branch want the same newest events, so those are kept.
actor EventReader {
    private nonisolated let executor = SerialQueueExecutor(label: "registry-events")
    private var kept: KeptHandle
    private var recent: [ObjectID: CommitEvent] = [:]
    private var recentOrder: [ObjectID] = []
    private var recentChanges = 0

    /// So many events, with so many changes in all, are kept.
    private static let recentLimit = 1_000
    private static let recentChangeLimit = 50_000

    init(path: String) { kept = KeptHandle(path) }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// The event of a commit against its first parent.
    func event(of id: ObjectID) throws(GitError) -> CommitEvent {
        if let known = recent[id] { return known }
        let handle = try opened()
        // A shallow clone lacks the parents of its oldest commits.
        let parent = try handle.database.commit(id).parents.first
            .flatMap { handle.database.contains($0) ? $0 : nil }
        let event = try CommitEvent(reaching: id, from: parent, in: handle.database)
        keep(event, of: id)
        return event
    }

    /// All that lies between a state and a commit, as one event.
    func event(of id: ObjectID, from state: ObjectID) throws(GitError) -> CommitEvent {
        let handle = try opened()
        return try CommitEvent(reaching: id, from: state, in: handle.database)
    }

    /// The bytes of a blob; nil where the repository has none of that id.
    func content(_ id: ObjectID) throws(GitError) -> [UInt8]? {
        let handle = try opened()
        return handle.database.contains(id) ? try handle.database.read(id, as: .blob) : nil
    }

    private func keep(_ event: CommitEvent, of id: ObjectID) {
        guard event.changes.count <= Self.recentChangeLimit / 10 else { return }
        recent[id] = event
        recentOrder.append(id)
        recentChanges += event.changes.count
        guard recentOrder.count > Self.recentLimit || recentChanges > Self.recentChangeLimit
        else { return }
        let dropped = recentOrder.prefix(recentOrder.count / 2)
        for id in dropped {
            recentChanges -= recent.removeValue(forKey: id)?.changes.count ?? 0
        }
        recentOrder.removeFirst(dropped.count)
    }

    private func opened() throws(GitError) -> RepositoryHandle { try kept.opened() }
}
