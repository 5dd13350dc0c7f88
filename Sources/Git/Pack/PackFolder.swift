internal import Glibc

/// The folder `objects/pack` of a repository.
public struct PackFolder: Sendable {
    package let path: String
    /// Where small files are taken from, and go to; nil makes and removes them.
    private let spares: SpareFiles?

    /// - Parameter spares: on the file system of the repository's objects.
    public init(of repository: borrowing Repository, spares: SpareFiles? = nil) {
        path = Self.path(in: repository)
        self.spares = spares
    }

    /// Where a repository has its packs.
    public static func path(in repository: borrowing Repository) -> String {
        repository.commonDirectory + "objects/pack"
    }

    /// The file that keeps a person's git from clearing a pack away which no reference leads to yet.
    private func keep(_ name: String) -> String { "\(path)/\(name).keep" }

    /// Puts a pack into the repository: once this returns, git finds its objects.
    ///
    /// - Parameters:
    ///   - isKept: with a `.keep` file, to be removed by ``release(_:)``.
    ///   - flush: whether it has to survive a power cut by itself.
    /// - Returns: its name, `pack-<checksum>`.
    package func add(_ pack: Pack, isKept: Bool, flush: Bool) throws(FileError) -> String {
        let name = "pack-\(pack.checksum)"
        if isKept { try createKeep(name) }
        do throws(FileError) {
            // The index last: git looks for indexes.
            try put(pack.bytes, as: "\(name).pack", flush: flush)
            try put(pack.index(), as: "\(name).idx", flush: flush)
            if flush { try FileSystem.flush(folder: path) }
            return name
        } catch {
            // A pack of the same content may have been there before, with its index.
            if FileFacts(at: "\(path)/\(name).idx") == nil { unlink("\(path)/\(name).pack") }
            release(name)
            throw error
        }
    }

    /// Removes the `.keep` file; a reference leads to the pack's objects now, or they are nobody's.
    package func release(_ name: String) { unlink(keep(name)) }

    /// The packs that git reads by way of its multi-pack-index, which must stay.
    package func indexedTogether() throws(FileError) -> Set<String> {
        try MultiPackIndex.packs(of: "\(path)/multi-pack-index")
    }

    /// Removes a pack whose objects are all in another one.
    ///
    /// Its index stays for ``removeIndex(_:)``: a program that has listed the pack before reads in
    /// it which objects there are, and `git gc` gives up where it cannot.
    package func removePack(_ name: String) {
        remove("\(name).pack")
        for suffix in ["rev", "keep"] { unlink("\(path)/\(name).\(suffix)") }
    }

    /// Removes the index of a pack that is gone.
    package func removeIndex(_ name: String) { remove("\(name).idx") }

    private func remove(_ name: String) {
        guard let spares else {
            unlink("\(path)/\(name)")
            return
        }
        try? spares.retire("\(path)/\(name)")
    }

    /// The names of all packs with an index, without suffix, in no order.
    package var names: [String] {
        let (packs, indexes) = stems
        return packs.intersection(indexes).filter { $0.hasPrefix("pack-") }
    }

    /// The names of packs without an index, which git does not see.
    package var unindexedNames: [String] {
        let (packs, indexes) = stems
        return packs.subtracting(indexes).filter { $0.hasPrefix("pack-") }
    }

    /// What stands before `.pack` and before `.idx` in the folder's names.
    private var stems: (packs: Set<String>, indexes: Set<String>) {
        var (packs, indexes): (Set<String>, Set<String>) = ([], [])
        FileSystem.forEachEntry(in: path) { name, _ in
            if name.hasSuffix(".pack") { packs.insert(String(name.dropLast(5))) }
            if name.hasSuffix(".idx") { indexes.insert(String(name.dropLast(4))) }
        }
        return (packs, indexes)
    }

    package func isKept(_ name: String) -> Bool { FileFacts(at: keep(name)) != nil }

    /// Facts of a pack's own file; nil where it is gone.
    package func facts(of name: String) -> FileFacts? { FileFacts(at: "\(path)/\(name).pack") }

    /// Bytes of a pack; nil where it is gone.
    package func bytes(of name: String) throws(FileError) -> [UInt8]? {
        try FileSystem.read("\(path)/\(name).pack")
    }

    /// How many objects a pack holds, by the size of its index; 0 where it is gone.
    package func objectCount(of name: String) -> Int {
        FileFacts(at: "\(path)/\(name).idx").map { PackIndex.count(ofSize: $0.size) } ?? 0
    }

    /// Whether git has packed all that there was into it: the server makes no bitmaps.
    package func hasBitmap(_ name: String) -> Bool {
        FileFacts(at: "\(path)/\(name).bitmap") != nil
    }

    /// Bytes of a pack's index; nil where it is gone.
    package func index(of name: String) throws(FileError) -> [UInt8]? {
        try FileSystem.read("\(path)/\(name).idx")
    }

    /// Removes what a killed server has left: drafts, packs without their index, and indexes
    /// without their pack.
    package func clear() {
        let (packs, indexes) = stems
        for name in indexes.subtracting(packs) { removeIndex(name) }
        for name in packs.subtracting(indexes) where isOwnKeep(keep(name)) { removePack(name) }
        for name in FileSystem.names(in: path) ?? [] {
            let isOwn = name.hasSuffix(".keep") && isOwnKeep("\(path)/\(name)")
            if isOwn || name.hasPrefix(Self.draftPrefix) { unlink("\(path)/\(name)") }
        }
    }

    private func isOwnKeep(_ path: String) -> Bool {
        (try? FileSystem.read(path, limit: 4096)) == Self.keepNote
    }

    /// What the server's `.keep` files say; git and people write other things into theirs.
    private static let keepNote = Array("muster\n".utf8)
    private static let draftPrefix = ".muster-"

    /// By one more name of a file that stays, because ext4 takes the longer for a new file the
    /// more were removed lately.
    private func createKeep(_ name: String) throws(FileError) {
        let spare = "\(path)/\(Self.draftPrefix)keep"
        if link(spare, keep(name)) == 0 || errno == EEXIST { return }
        try FileSystem.makeFolder(path)
        do throws(FileError) {
            try FileSystem.create(spare, Self.keepNote, permissions: 0o600)
        } catch {
            guard error.isExisting else { throw error }
        }
        guard link(spare, keep(name)) == 0 || errno == EEXIST else {
            throw FileError("create \(keep(name))")
        }
    }

    private func put(_ bytes: [UInt8], as name: String, flush: Bool) throws(FileError) {
        // What is flushed by itself stays for long.
        if !flush, let spares {
            return try spares.put("\(path)/\(name)", bytes, permissions: 0o444)
        }
        let draft = "\(path)/\(Self.draftPrefix)\(UInt64.random(in: .min ... .max))"
        do throws(FileError) {
            try FileSystem.create(draft, bytes, permissions: 0o444, flush: flush)
            try FileSystem.move(draft, to: "\(path)/\(name)")
        } catch {
            unlink(draft)
            throw error
        }
    }
}
