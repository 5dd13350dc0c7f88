internal import Git
internal import Glibc

/// Lock files of git that a killed server has left behind, which nobody would ever remove.
struct StaleLocks {
    let places: StorePlaces
    /// The full name of the served branch.
    let branch: String

    /// How long a lock has to stand unchanged: a person's git holds one for milliseconds.
    private static let patience = (rounds: 20, microseconds: 50_000 as UInt32)

    /// Removes those that stand still. Only for the owner of the registry's own lock, after
    /// a server that did not end in order.
    ///
    /// - Returns: the paths that were removed.
    func remove() throws(FileError) -> [String] {
        var standing: [(path: String, facts: FileFacts)] = []
        for path in candidates {
            if let facts = FileFacts(at: path) { standing.append((path, facts)) }
        }
        for _ in 0..<Self.patience.rounds where !standing.isEmpty {
            usleep(Self.patience.microseconds)
            standing.removeAll { FileFacts(at: $0.path) != $0.facts }
        }
        for lock in standing { try FileSystem.remove(lock.path) }
        return standing.map(\.path)
    }

    private var candidates: [String] {
        let references = "\(places.commonDirectory)/refs"
        let proposals = "\(references)/proposals"
        let proposed = FileSystem.names(in: proposals) ?? []
        return [
            "\(places.commonDirectory)/\(branch).lock",
            "\(places.gitDirectory)/HEAD.lock",
            "\(places.commonDirectory)/config.lock",
            "\(places.index).lock",
        ] + locks(in: ["\(references)/muster", "\(references)/notes"])
            + locks(in: proposed.map { "\(proposals)/\($0)" })
    }

    /// The locks of references that the server alone moves.
    private func locks(in folders: [String]) -> [String] {
        folders.flatMap { folder in
            (FileSystem.names(in: folder) ?? []).filter { $0.hasSuffix(".lock") }
                .map { "\(folder)/\($0)" }
        }
    }
}
