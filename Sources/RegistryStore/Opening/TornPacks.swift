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
            // The index first, so that nobody finds one without its pack.
            try keepAside(name, ["idx", "pack"])
            torn.append(name)
        }
        // One whose index is lost; while the machine runs, a git program may be about to write it.
        if let checkpoint = Checkpoint(reading: places.checkpoint), checkpoint.isOfAnotherBoot {
            for name in folder.unindexedNames {
                try keepAside(name, ["pack"])
                torn.append(name)
            }
        }
        return torn
    }

    private func keepAside(_ name: String, _ suffixes: [String]) throws(FileError) {
        try FileSystem.makeFolder(places.kept, permissions: 0o700)
        for suffix in suffixes {
            try FileSystem.move(
                "\(folder.path)/\(name).\(suffix)", to: "\(places.kept)/\(name).\(suffix)")
        }
    }

    private func isIntact(_ name: String) throws(FileError) -> Bool {
        guard let pack = try folder.bytes(of: name), let index = try folder.index(of: name) else {
            return true
        }
        return Pack.isIntact(pack, index: index)
    }
}
