internal import Dispatch
internal import Git
internal import Registry
internal import Synchronization

/// Reads the documents of a tree from the object database, on all cores.
struct DocumentReader {
    /// Files of one folder, the piece of work that a thread takes.
    private struct Piece {
        let folder: String
        let entries: ArraySlice<Tree.Entry>
    }

    /// So many files make a piece.
    private static let pieceLimit = 2_048
    /// Folders nest at most this deep; what lies below is taken as not there.
    private static let maximumDepth = 64

    /// The git directory, which every thread opens anew: a handle is for one thread.
    private let gitDirectory: String
    private let cache: DerivedCache
    private var pieces: [Piece] = []

    /// Finds the folders of `tree`; the files are read by ``read(in:)``.
    init(
        _ tree: ObjectID, of repository: borrowing Repository,
        _ database: borrowing ObjectDatabase, cache: DerivedCache
    ) throws(GitError) {
        gitDirectory = repository.gitDirectory
        self.cache = cache
        try find(tree, "", depth: 0, in: database)
    }

    private mutating func find(
        _ tree: ObjectID, _ folder: String, depth: Int, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard depth < Self.maximumDepth else { return }
        let entries = try Tree(parsing: database.read(tree, as: .tree)).entries
        for entry in entries where entry.mode == .tree {
            // A name that is no UTF-8 is nobody's document.
            guard let name = String(validating: entry.name, as: UTF8.self) else { continue }
            let path = folder + name + "/"
            guard DocumentKind.all.contains(where: { Self.isOn(path, to: $0.collection.name) })
            else { continue }
            try find(entry.id, path, depth: depth + 1, in: database)
        }
        let files = entries.filter { $0.mode == .file || $0.mode == .executable }
        for start in stride(from: 0, to: files.count, by: Self.pieceLimit) {
            let end = min(start + Self.pieceLimit, files.count)
            pieces.append(Piece(folder: folder, entries: files[start..<end]))
        }
    }

    /// Whether a folder, with a final slash, is above a collection's, or it, or below.
    private static func isOn(_ path: String, to collection: String) -> Bool {
        let collection = collection.utf8 + [UInt8(ascii: "/")]
        return collection.starts(with: path.utf8) || path.utf8.starts(with: collection)
    }

    /// Reads all files.
    ///
    /// - Parameter database: has what another handle does not see.
    func read(in database: borrowing ObjectDatabase) throws(GitError) -> [LoadedPart] {
        let results = Mutex<[Result<Piecework, GitError>]>([])
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            let result = Result { () throws(GitError) in try work(taking: next) }
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

    /// What one thread has done.
    private struct Piecework {
        var part: LoadedPart
        var unread: [(path: String, blob: Revision)] = []
    }

    private func work(taking next: borrowing Atomic<Int>) throws(GitError) -> Piecework {
        let repository = try Repository(opening: gitDirectory)
        let database = try ObjectDatabase(of: repository)
        var work = Piecework(part: LoadedPart(cache))
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < pieces.count else { return work }
            for entry in pieces[index].entries {
                try read(entry, in: pieces[index].folder, from: database, to: &work)
            }
        }
    }

    private func read(
        _ entry: Tree.Entry, in folder: String, from database: borrowing ObjectDatabase,
        to work: inout Piecework
    ) throws(GitError) {
        guard let name = String(validating: entry.name, as: UTF8.self) else { return }
        let path = folder + name
        guard FileLayout.key(ofPath: path) != .notADocument else { return }
        do throws(GitError) {
            let bytes = try database.read(entry.id, as: .blob)
            work.part.add((path, bytes, Revision(entry.id)))
        } catch  where error.code == .notFound {
            work.unread.append((path, Revision(entry.id)))
        }
    }
}
