internal import Git
public import Registry

extension RegistryStore {
    /// Reads the registry of one revision, without serving or changing anything.
    ///
    /// - Parameter revision: whatever git understands, `HEAD`, a branch, `main~3`.
    public static func load(
        repository path: String, revision: String
    ) throws(StoreOpeningError) -> Snapshot {
        do {
            let repository = try Repository(opening: path)
            let database = try ObjectDatabase(of: repository)
            guard let id = try? repository.commit(named: revision) else {
                throw StoreOpeningError.failed(
                    path: path, reason: "there is no revision '\(revision)'")
            }
            let commit = try database.commit(id)
            var trees = TreeEditor(root: commit.tree)
            let file = try trees.file(at: RegistrySettings.path, in: database)
            let settings = try file.map { file throws(GitError) in
                try database.read(file.id, as: .blob)
            }
            return try SnapshotLoader.snapshot(
                of: id, in: repository, database,
                fallback: try Self.settings(settings, path: path))
        } catch {
            throw StoreOpeningError(error, path: path)
        }
    }

    /// Reads the registry as the files of a folder are now, committed or not.
    public static func loadFiles(_ path: String) throws(StoreOpeningError) -> Snapshot {
        do {
            let bytes = try FileSystem.read("\(path)/\(RegistrySettings.path)")
            let settings = try Self.settings(bytes, path: path)
            var files: [(path: String, bytes: [UInt8], blob: Revision)] = []
            for kind in DocumentKind.all {
                let folder = kind.collection.name
                for file in FileSystem.files(below: folder, of: path)
                where FileLayout.key(ofPath: file) != .notADocument
                    && FileFacts(at: "\(path)/\(file)")?.kind == .file
                {
                    guard let bytes = try FileSystem.read("\(path)/\(file)") else { continue }
                    files.append((file, bytes, Revision(blobOf: bytes)))
                }
            }
            var snapshot = Snapshot(settings: settings, loading: files)
            if let policy = try FileSystem.read("\(path)/\(Policy.path)") {
                snapshot.put(path: Policy.path, bytes: policy)
            }
            return snapshot
        } catch {
            throw StoreOpeningError(error, path: path)
        }
    }

    private static func settings(
        _ bytes: [UInt8]?, path: String
    ) throws(StoreOpeningError) -> RegistrySettings {
        guard let bytes else { throw .notARegistry(path: path) }
        if let version = RegistrySettings.newerFormat(of: bytes) {
            throw .newerFormat(
                path: path, version: version, supported: RegistrySettings.currentFormatVersion)
        }
        do throws(InvalidDocument) {
            return try RegistrySettings(parsing: bytes)
        } catch {
            throw .invalidSettings(path: path, reason: error.description)
        }
    }

    /// Makes a new repository of these files, with one commit on `branch`.
    ///
    /// - Throws: when `path` holds anything already; then nothing was changed there.
    public static func createRegistry(
        at path: String, files: [(path: String, bytes: [UInt8])], branch: String = "main",
        author: Author, message: String
    ) throws(StoreOpeningError) {
        if let names = FileSystem.names(in: path), !names.isEmpty {
            throw .failed(path: path, reason: "the folder is not empty")
        }
        do throws(GitError) {
            do throws(FileError) {
                for file in files {
                    let target = "\(path)/\(file.path)"
                    if let slash = target.lastSlash {
                        try FileSystem.makeFolder(String(target[..<slash]))
                    }
                    try FileSystem.create(target, file.bytes)
                }
            } catch {
                throw GitError(error)
            }
            let repository = try Repository(creating: path, branch: branch)
            try Self.commitFirst(files, in: repository, branch: branch, author, message)
        } catch {
            throw .failed(path: path, reason: error.message)
        }
    }

    private static func commitFirst(
        _ files: [(path: String, bytes: [UInt8])], in repository: borrowing Repository,
        branch: String, _ author: Author, _ message: String
    ) throws(GitError) {
        let database = try ObjectDatabase(of: repository)
        let index = try GitIndex(opening: repository.gitDirectory + "index")
        var trees = TreeEditor()
        var edits: [(path: String, file: TreeEditor.File?)] = []
        for file in files {
            let blob = GitObject(.blob, file.bytes)
            try database.write(blob)
            edits.append((file.path, TreeEditor.File(mode: .file, id: blob.id)))
            let facts = repository.workingTree.flatMap { FileFacts(at: $0 + file.path) }
            try index.set(file.path, to: .init(mode: .file, id: blob.id), facts: facts)
        }
        for tree in try trees.apply(edits, in: database) { try database.write(tree.object) }
        let seconds = Clock.seconds
        let commit = GitObject(
            .commit,
            Commit(
                tree: trees.root, parents: [],
                author: Signature(name: author.name, email: author.email, seconds: seconds),
                committer: .server(seconds: seconds), message: message + "\n"
            ).bytes)
        try database.write(commit)
        try repository.setReference("refs/heads/\(branch)", to: commit.id, message: "muster init")
        try index.write()
    }
}
