internal import Git
internal import Registry

extension RegistryStore {
    /// Moves references beside the served branch, durably, with the objects that they need.
    ///
    /// The journal keeps the objects as it keeps those of commits; each reference is flushed for
    /// itself, in the order given.
    func moveReferences(
        _ moves: [(name: String, id: ObjectID)], storing objects: [NewObject]
    ) throws(RegistryError) {
        guard let tip else { throw .busy(reason: "\(branch) has no commit yet") }
        let record = JournalRecord(from: tip, to: tip, objects: objects)
        let pack = try store(objects, and: record)
        defer { if let pack { packs.release(pack) } }
        recent.add(objects)
        do throws(FileError) {
            for move in moves {
                try ReferenceLock(
                    locking: move.name, in: repository, toMoveTo: move.id, flush: true
                ).move()
            }
        } catch {
            guard !error.isExisting else {
                throw .busy(reason: "\(error); another git process holds it, try again")
            }
            throw storageError(error)
        }
    }
}
