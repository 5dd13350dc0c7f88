internal import Git
internal import Registry

/// Where the file of a document may be in other commits, so that its history goes on when the file
/// moves to another fan-out.
struct DocumentPlaces {
    /// The path that is known, then where each fan-out would put the file.
    let paths: [String]

    init(ofPath path: String) {
        guard case .document(let key) = FileLayout.key(ofPath: path) else {
            paths = [path]
            return
        }
        paths = [path] + FileLayout.depths.map { FileLayout.path(for: key, depth: $0) }
    }

    /// One name for all places of a document's file; the path itself for other files.
    static func name(ofPath path: String) -> FilePath {
        FilePath(HistoryPlace(path: path).usualPath)
    }

    /// The file in a tree; nil where it has none.
    func file(
        in tree: ObjectID, of database: borrowing ObjectDatabase
    ) throws(GitError) -> TreeEditor.File? {
        try place(in: tree, of: database)?.file
    }

    /// The file in a tree and where it is there.
    func place(
        in tree: ObjectID, of database: borrowing ObjectDatabase
    ) throws(GitError) -> (path: String, file: TreeEditor.File)? {
        var trees = TreeEditor(root: tree)
        for path in paths {
            if let file = try trees.file(at: path, in: database) { return (path, file) }
        }
        return nil
    }
}
