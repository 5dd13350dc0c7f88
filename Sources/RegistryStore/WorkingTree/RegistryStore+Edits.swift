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
        let bytes = try workingTree.read(path)
        let branchFile = try? trees.file(at: path, in: database)
        guard let bytes else { return branchFile == nil ? nil : .removed }
        let blob = GitObject(.blob, bytes).id
        if let branchFile, branchFile.id == blob { return nil }
        if behind[path]?.contains(where: { $0?.id == blob }) == true { return nil }
        do throws(InvalidDocument) {
            return .changed(try PreparedDocument(key, bytes: bytes))
        } catch {
            return .invalid(error)
        }
    }

    /// Looks at every file of the collections. Publishes nothing.
    func lookAtAllFiles() {
        var paths = Set(edits.paths)
        for kind in DocumentKind.all {
            paths.formUnion(FileSystem.files(below: kind.collection.name, of: places.workingTree))
            for document in committed.all(in: kind.collection) { paths.insert(document.path) }
        }
        paths.formUnion(committed.invalidPaths.keys)
        for path in paths { lookAtFile(path) }
    }
}
