internal import Git

/// Packs that a power cut has left torn: the server writes them unflushed, because the journal
/// holds their objects.
struct TornPacks {
    let places: StorePlaces
    let folder: PackFolder

    /// Seconds before the checkpoint from which packs are looked at: writing them takes time.
    private static let margin = 60
    /// Larger packs are git's own, which flushes what it writes.
    private static let byteLimit = 256 << 20

    /// Takes torn packs out of git's sight. Only after a server that did not end in order.
    ///
    /// - Returns: the names of those that were moved to the folder of kept files.
    func remove() throws(FileError) -> [String] {
        let settled = FileFacts(at: places.checkpoint)?.modified.seconds ?? .min + Self.margin
        var torn: [String] = []
        for name in folder.names {
            guard let facts = folder.facts(of: name), facts.size <= Self.byteLimit,
                // A small file that was used again may look as old as it was before.
                facts.modified.seconds >= settled - Self.margin
                    || facts.size <= SpareFiles.sizeLimit,
                try !isIntact(name)
            else { continue }
            try FileSystem.makeFolder(places.kept, permissions: 0o700)
            // The index first, so that nobody finds one without its pack.
            for suffix in ["idx", "pack"] {
                try FileSystem.move(
                    "\(folder.path)/\(name).\(suffix)", to: "\(places.kept)/\(name).\(suffix)")
            }
            torn.append(name)
        }
        return torn
    }

    private func isIntact(_ name: String) throws(FileError) -> Bool {
        guard let pack = try folder.bytes(of: name), let index = try folder.index(of: name) else {
            return true
        }
        return Pack.isIntact(pack, index: index)
    }
}
