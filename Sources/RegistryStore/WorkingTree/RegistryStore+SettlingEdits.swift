internal import Git
internal import Logging
public import Registry

extension RegistryStore {
    /// The uncommitted edits with their content, the first of them.
    public func editedFiles(limit: Int = .max) -> [EditedFile] {
        edits.list.prefix(limit).map { edit in
            EditedFile(
                edit: edit,
                committed: (try? trees.file(at: edit.path, in: database)).flatMap {
                    try? database.read($0.id, as: .blob)
                }, content: try? workingTree.read(edit.path))
        }
    }

    /// Commits uncommitted edits just as the files are now, in one commit.
    ///
    /// - Parameters:
    ///   - choice: without paths, all that are valid.
    ///   - message: its first line becomes the subject; nil says what the edits are.
    ///   - judge: refuses what the person may not change.
    /// - Throws: the reason why one of them cannot be committed; then none is.
    public func commitEdits(
        _ choice: EditChoice, message: String?, author: Author, trailers: [Trailer] = [],
        judge: PathJudge? = nil
    ) throws(RegistryError) -> SettledEdits {
        try prepare(choice)
        let valid = edits.list.filter(\.isServed).map(\.path)
        // With none that is valid the person learns what is wrong with the first.
        let chosen = choice.paths ?? (valid.isEmpty ? edits.paths : valid)
        let files = try chosen.map { path throws(RegistryError) in
            try editToCommit(path, choice)
        }
        guard !files.isEmpty else { throw .noEdit(path: "") }
        let paths = files.map(\.path)
        try judge?(paths, committed)
        let lines = (message ?? subject(of: files)).split(separator: "\n", maxSplits: 1)
        let text = CommitMessage(
            subject: lines.first.map(String.init) ?? subject(of: files),
            body: lines.count > 1 ? String(lines[1]).withoutLeadingLines : nil,
            trailers: trailers, author: author, seconds: Clock.seconds)
        try text.requireNoSecret()
        let commit = try commit(files, text)
        return SettledEdits(paths: paths, commit: Revision(commit))
    }

    /// Takes uncommitted edits back; their content is kept in the state directory.
    public func discardEdits(
        _ choice: EditChoice, judge: PathJudge? = nil
    ) throws(RegistryError) -> SettledEdits {
        try prepare(choice)
        let paths = choice.paths ?? edits.paths
        guard !paths.isEmpty else { throw .noEdit(path: "") }
        try judge?(paths, committed)
        for path in paths { try requireEdit(path, choice) }
        var settled = SettledEdits(paths: paths)
        let folder = "\(stateDirectory)/kept/\(Self.compact(.now))"
        do {
            for path in paths {
                let bytes = try workingTree.read(path)
                if let bytes {
                    settled.copies.append(try keepCopy(of: bytes, as: "\(folder)/\(path)"))
                } else {
                    settled.copies.append("")
                }
                try takeBack(path, holding: bytes)
            }
        } catch {
            throw storageError(error)
        }
        publish()
        bringIndexForward()
        logger.notice(
            "Edits were discarded.",
            metadata: ["paths": .array(paths.map { .string($0) }), "copies": "\(folder)"])
        return settled
    }

    // MARK: Before

    private func prepare(_ choice: EditChoice) throws(RegistryError) {
        settleFiles()
        try requireWritable()
        noteTouchedFiles()
        lookAtFiles(choice.paths ?? edits.paths)
        publish()
    }

    /// What a commit makes of one file.
    private struct EditedPath {
        let path: String
        let key: DocumentKey
        let old: TreeEditor.File?
        let new: TreeEditor.File?
        let blob: GitObject?
    }

    @discardableResult
    private func requireEdit(
        _ path: String, _ choice: EditChoice
    ) throws(RegistryError) -> (UncommittedEdits.Edit, DocumentKey) {
        guard let edit = edits[path], case .document(let key) = FileLayout.key(ofPath: path) else {
            throw .noEdit(path: path)
        }
        if let seen = choice.seen[path] {
            let blob = (try? workingTree.blob(at: path)).map { "\($0)" } ?? "removed"
            guard seen == blob else { throw .editChanged(path: path) }
        }
        return (edit, key)
    }

    private func editToCommit(
        _ path: String, _ choice: EditChoice
    ) throws(RegistryError) -> EditedPath {
        let (edit, key) = try requireEdit(path, choice)
        do {
            let old = try trees.file(at: path, in: database)
            switch edit {
            case .invalid(let problem): throw RegistryError.invalid(key, problem)
            case .removed:
                return EditedPath(path: path, key: key, old: old, new: nil, blob: nil)
            case .changed(let document):
                let facts = FileFacts(at: places.file(path))
                let isExecutable = facts.map { $0.permissions & 0o100 != 0 } ?? false
                let blob = GitObject(.blob, document.bytes)
                return EditedPath(
                    path: path, key: key, old: old,
                    new: TreeEditor.File(mode: isExecutable ? .executable : .file, id: blob.id),
                    blob: blob)
            }
        } catch {
            throw storageError(error)
        }
    }

    private func subject(of files: [EditedPath]) -> String {
        guard files.count == 1, let file = files.first else {
            return "Edit \(files.count) documents"
        }
        let verb = file.new == nil ? "remove" : file.old == nil ? "add" : "edit"
        return "\(file.key): \(verb)"
    }

    // MARK: After

    private func commit(
        _ files: [EditedPath], _ message: CommitMessage
    ) throws(RegistryError) -> ObjectID {
        do {
            var next = trees
            let made = try next.apply(
                files.map { (path: $0.path, file: $0.new) }, in: database)
            let commit = signed(
                message.commit(tree: next.root, parents: tip.map { [$0] } ?? []))
            let objects =
                files.compactMap(\.blob).map { NewObject($0) } + made + [NewObject(commit)]
            let staged = try GitIndex(opening: places.index)
            guard try moveBranch(from: tip, to: commit.id, storing: objects) else {
                throw RegistryError.busy(reason: "\(branch) was moved just now; try again")
            }
            for file in files {
                // What was staged of the file is in the commit, or older than it.
                let entry = staged[file.path].map { TreeEditor.File(mode: $0.mode, id: $0.id) }
                keeper.note(file.path, from: entry, to: file.new)
            }
            try adopt(commit.id, origin: .elsewhere)
            bringIndexForward()
            return commit.id
        } catch {
            throw storageError(error)
        }
    }

    func keepCopy(of bytes: [UInt8], as path: String) throws(FileError) -> String {
        if let slash = path.lastSlash {
            try FileSystem.makeFolder(String(path[..<slash]), permissions: 0o700)
        }
        var name = path
        var number = 1
        while FileFacts(at: name) != nil {
            number += 1
            name = "\(path)-\(number)"
        }
        try FileSystem.create(name, bytes, permissions: 0o600, flush: true)
        return name
    }

    /// Puts the committed content in the place of the edit, if the file still holds it.
    private func takeBack(_ path: String, holding bytes: [UInt8]?) throws(GitError) {
        let wanted = try trees.file(at: path, in: database)
        let held = bytes.map { TreeEditor.File(mode: .file, id: GitObject(.blob, $0).id) }
        if let staged = try GitIndex(opening: places.index)[path] {
            keeper.note(path, from: TreeEditor.File(mode: staged.mode, id: staged.id), to: wanted)
        }
        keeper.note(path, from: held, to: wanted)
        try place(wanted, at: path, replacing: [held])
    }
}

extension String {
    fileprivate var withoutLeadingLines: String { String(drop { $0.isNewline }) }
}
