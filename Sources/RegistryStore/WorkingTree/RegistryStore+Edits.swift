internal import Git
internal import Registry

extension RegistryStore {
    /// Looks whether the file at `path` is a person's uncommitted edit. Publishes nothing.
    func lookAtFile(_ path: String) {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return }
        do throws(FileError) {
            edits[path] = try edit(of: key, at: path)
        } catch {
            edits[path] = .invalid(InvalidDocument("The file cannot be read: \(error)."))
        }
    }

    private func edit(
        of key: DocumentKey, at path: String
    ) throws(FileError) -> UncommittedEdits.Edit? {
        if let facts = FileFacts(at: places.file(path)), keeper.isOwn(path, facts) { return nil }
        let branchFile = try? trees.file(at: path, in: database)
        // A link that was committed is no document, and nobody's edit.
        if branchFile?.mode == .link { return nil }
        let bytes = try workingTree.read(path)
        guard let bytes else { return branchFile == nil ? nil : .removed }
        let blob = GitObject(.blob, bytes).id
        if let branchFile, branchFile.id == blob { return nil }
        if behind[FilePath(path)]?.contains(where: { $0?.id == blob }) == true { return nil }
        do throws(InvalidDocument) {
            return .changed(try PreparedDocument(key, bytes: bytes))
        } catch {
            return .invalid(error)
        }
    }

    /// Looks at every file of the collections. Publishes nothing.
    func lookAtAllFiles() {
        var paths = Set(edits.paths.map { FilePath($0) })
        for kind in DocumentKind.all {
            let files = FileSystem.files(below: kind.collection.name, of: places.workingTree)
            paths.formUnion(files.map { FilePath($0) })
            for document in committed.all(in: kind.collection) {
                paths.insert(FilePath(document.path))
            }
        }
        paths.formUnion(committed.invalidPaths.keys.map { FilePath($0) })
        for path in paths { lookAtFile(path.text) }
    }

    func lookAtFiles(_ paths: some Sequence<String>) {
        guard report.headElsewhere == nil else { return }
        for path in paths { lookAtFile(path) }
    }
}
