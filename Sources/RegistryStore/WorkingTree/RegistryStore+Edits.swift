internal import Git
internal import Registry

extension RegistryStore {
    /// Looks whether the file at `path` is a person's uncommitted edit. Publishes nothing.
    ///
    /// - Parameter mayPlace: what git put back from an index that was behind is brought forward.
    func lookAtFile(_ path: String, mayPlace: Bool = true) {
        guard report.headElsewhere == nil,
            case .document(let key) = FileLayout.key(ofPath: path)
        else { return }
        guard placing[FilePath(path)] == nil else {
            touchedWhilePlacing.insert(FilePath(path))
            return
        }
        do throws(FileError) {
            if mayPlace, try isTakenBack(path), let pending = keeper.pending[FilePath(path)],
                (try? place(pending.wanted, at: path, replacing: pending.known)) != nil
            {
                return
            }
            edits[path] = try edit(of: key, at: path)
        } catch {
            edits[path] = .invalid(InvalidDocument("The file cannot be read: \(error)."))
        }
    }

    /// Whether the file is still the one that the server has just put there; costs no reading.
    private func isOwnFile(_ path: String) -> Bool {
        FileFacts(at: places.file(path)).map { keeper.isOwn(path, $0) } ?? false
    }

    /// Whether the file holds what the branch held before the server's last writes, which git's
    /// index does not know yet.
    private func isTakenBack(_ path: String) throws(FileError) -> Bool {
        guard let pending = keeper.pending[FilePath(path)], !isOwnFile(path),
            let blob = try workingTree.blob(at: path), blob != pending.wanted?.id
        else { return false }
        return pending.known.contains { $0?.id == blob }
    }

    private func edit(
        of key: DocumentKey, at path: String
    ) throws(FileError) -> UncommittedEdits.Edit? {
        if isOwnFile(path) { return nil }
        let branchFile = try? trees.file(at: path, in: database)
        // A link that was committed is no document, and nobody's edit.
        if branchFile?.mode == .link { return nil }
        let bytes = try workingTree.read(path)
        guard let bytes else {
            // A new file that could not be written yet is nobody's removal.
            let isLate = lateContents(of: FilePath(path)).contains { $0 == nil }
            return branchFile == nil || isLate ? nil : .removed
        }
        let blob = GitObject(.blob, bytes).id
        if let branchFile, branchFile.id == blob { return nil }
        if behind[FilePath(path)]?.contains(where: { $0?.id == blob }) == true { return nil }
        do throws(InvalidDocument) {
            return .changed(try PreparedDocument(key, bytes: bytes))
        } catch {
            return .invalid(error)
        }
    }

    func lookAtFiles(_ paths: some Sequence<String>) {
        guard report.headElsewhere == nil else { return }
        for path in paths { lookAtFile(path) }
    }
}
