/// The packs of a repository, for reading very many blobs in the order in which they are stored.
///
/// libgit2 takes locks that all threads share for each object, and works through the same deltas
/// again and again.
package struct MappedPacks: Sendable {
    /// The largest first: most objects are there.
    let packs: [MappedPack]

    /// Where an object begins in one of the packs.
    package struct Place: Hashable, Comparable, Sendable {
        let pack: Int
        let offset: Int

        package static func < (left: Place, right: Place) -> Bool {
            (left.pack, left.offset) < (right.pack, right.offset)
        }
    }

    /// Maps every pack that can be read here; objects of others are found nowhere.
    package init(of repository: borrowing Repository) {
        let folder = PackFolder(of: repository)
        packs = folder.names.compactMap { MappedPack("\(folder.path)/\($0)") }
            .sorted { $0.count > $1.count }
    }

    /// Where `id` is; nil for objects that are in no pack.
    package func place(of id: ObjectID) -> Place? {
        for (number, pack) in packs.enumerated() {
            if let offset = pack.offset(of: id) { return Place(pack: number, offset: offset) }
        }
        return nil
    }
}

/// One pack and its index.
struct MappedPack: Sendable {
    private let index: MappedFile
    private let pack: MappedFile
    let count: Int

    /// - Parameter path: without suffix.
    init?(_ path: String) {
        guard let index = MappedFile(path + ".idx"), let pack = MappedFile(path + ".pack"),
            let rows = PackIndex(index.bytes), pack.bytes.count > 32
        else { return nil }
        self.index = index
        self.pack = pack
        count = rows.count
    }

    /// The pack without the checksum at its end.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: pack.bytes.dropLast(20)) }

    func offset(of id: ObjectID) -> Int? {
        PackIndex(known: index.bytes, count: count).offset(of: id)
    }
}
