internal import Dispatch
internal import Git
internal import Registry
internal import Synchronization

/// Reads the documents of a tree from the object database, on all cores.
struct DocumentReader {
    /// One file to read.
    private struct File {
        let folder: Int
        let entry: Tree.Entry
        /// Where it is in the packs; nil where it is elsewhere.
        let place: MappedPacks.Place?
    }

    /// The git directory, which every thread opens anew: a handle is for one thread.
    private let gitDirectory: String
    private let packs: MappedPacks
    private let cache: DerivedCache
    /// With a final slash, but for the root's.
    private var folders: [String] = []
    private var files: [File] = []

    /// Finds the files of `tree`, which are read by ``read(in:)``.
    init(
        _ tree: ObjectID, of repository: borrowing Repository,
        _ database: borrowing ObjectDatabase, cache: DerivedCache
    ) throws(GitError) {
        gitDirectory = repository.gitDirectory
        packs = MappedPacks(of: repository)
        self.cache = cache
        try find(tree, "", depth: 0, in: database)
        // Neighbours in a pack are mostly deltas of each other.
        files.sort { left, right in
            guard let left = left.place, let right = right.place else { return left.place != nil }
            return left < right
        }
    }

    private mutating func find(
        _ tree: ObjectID, _ folder: String, depth: Int, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard depth < TreeEditor.maximumDepth else { return }
        folders.append(folder)
        let number = folders.count - 1
        let mayHoldDocuments = Self.mayHoldDocuments(folder)
        for entry in try Tree(parsing: database.read(tree, as: .tree)).entries {
            switch entry.mode {
            case .tree:
                // A name that is no UTF-8 is nobody's document.
                guard let name = String(validating: entry.name, as: UTF8.self),
                    Self.mayHoldDocuments(folder + name + "/")
                else { continue }
                try find(entry.id, folder + name + "/", depth: depth + 1, in: database)
            case .file, .executable:
                guard mayHoldDocuments else { continue }
                files.append(File(folder: number, entry: entry, place: packs.place(of: entry.id)))
            case .link, .submodule: continue
            }
        }
    }

    /// Whether a folder, with a final slash, is above a collection's, or it, or below.
    private static func mayHoldDocuments(_ folder: String) -> Bool {
        DocumentKind.all.contains { kind in
            let collection = Array((kind.collection.name + "/").utf8)
            return collection.starts(with: folder.utf8) || folder.utf8.starts(with: collection)
        }
    }

    /// Reads all files.
    ///
    /// - Parameter database: has what another handle does not see.
    func read(in database: borrowing ObjectDatabase) throws(GitError) -> [LoadedPart] {
        let results = Mutex<[Result<Work, GitError>]>([])
        let shares = Shares(of: files.count)
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            let result = Result { () throws(GitError) in try read(shares) }
            results.withLock { $0.append(result) }
        }
        var parts: [LoadedPart] = []
        for result in results.withLock({ $0 }) {
            var work = try result.get()
            for file in work.unread {
                let bytes = try database.read(ObjectID(file.blob), as: .blob)
                work.part.add((file.path, bytes, file.blob))
            }
            parts.append(work.part)
        }
        return parts
    }

    /// What threads take one after the other: some files take longer than others.
    private final class Shares: Sendable {
        private let count: Int
        private let taken = Atomic(0)
        /// Large, because neighbours share what they are deltas of.
        private static let size = 2048

        init(of count: Int) { self.count = count }

        func take() -> Range<Int>? {
            let start = taken.add(Self.size, ordering: .relaxed).oldValue
            return start < count ? start..<min(start + Self.size, count) : nil
        }
    }

    /// What one thread has done.
    private struct Work {
        var part: LoadedPart
        var unread: [(path: String, blob: Revision)] = []
    }

    private func read(_ shares: Shares) throws(GitError) -> Work {
        let repository = try Repository(opening: gitDirectory)
        let database = try ObjectDatabase(of: repository)
        let packed = PackedBlobs(packs)
        var work = Work(part: LoadedPart(cache))
        while let share = shares.take() {
            for file in files[share] { try read(file, packed, database, into: &work) }
        }
        work.part.sort()
        return work
    }

    private func read(
        _ file: File, _ packed: PackedBlobs, _ database: borrowing ObjectDatabase,
        into work: inout Work
    ) throws(GitError) {
        guard let name = String(validating: file.entry.name, as: UTF8.self) else { return }
        let (path, blob) = (folders[file.folder] + name, file.entry.id)
        let place = FileLayout.key(ofPath: path)
        guard place != .notADocument else { return }
        if let bytes = file.place.flatMap({ packed.blob(at: $0) }) {
            return work.part.add((path, bytes, Revision(blob)), at: place)
        }
        do throws(GitError) {
            let bytes = try database.read(blob, as: .blob)
            work.part.add((path, bytes, Revision(blob)), at: place)
        } catch  where error.code == .notFound {
            work.unread.append((path, Revision(blob)))
        }
    }
}
