internal import Git
internal import Glibc
internal import Logging
internal import Registry

/// What can end a server without its doing.
enum Interruption {
    /// Of the program alone: what it has written is in the files.
    case kill
    /// Of the machine: a file may hold nothing, the beginning of what was written, or what was in
    /// it when it was another one (see ``SpareFiles``).
    case powerCut
}

extension RegistryStore {
    /// Brings files and git's index to the served tip wherever they hold content that is known.
    ///
    /// - Parameters:
    ///   - respectsIndex: leaves files alone whose entry in git's index is what is wanted: a person
    ///     has made the commit from there, and what the file holds beside it is theirs.
    ///   - interruption: what ended the server that served these files before.
    func bringForward(
        _ known: [FilePath: PathHistory], respectsIndex: Bool = false,
        after interruption: Interruption? = nil
    ) throws(RegistryError) {
        do {
            let staged = respectsIndex ? try pathsStagedAsWanted(among: known.keys) : []
            var wanted: [FilePath: TreeEditor.File?] = [:]
            for key in known.keys { wanted[key] = try trees.file(at: key.text, in: database) }
            // What goes makes room: a file may become a folder, or the other way round.
            let gone = wanted.filter { $0.value == nil }.map(\.key)
            for key in gone + wanted.filter({ $0.value != nil }).map(\.key) {
                guard let contents = known[key]?.contents, let file = wanted[key] else { continue }
                for content in contents { keeper.note(key.text, from: content, to: file) }
                if report.headElsewhere == nil, !staged.contains(key) {
                    try bringFile(key.text, to: file, from: contents, after: interruption)
                }
            }
            // A file that a reset took away looked like a person's removal until now.
            lookAtFiles(edits.paths)
        } catch {
            throw storageError(error)
        }
    }

    /// Directs what git's index and the files still lack to what HEAD holds now.
    ///
    /// A `git switch` right after a write takes an index along that knows nothing of it, and files
    /// that do.
    func aimPendingAtHead() throws(GitError) {
        guard keeper.isBehind, let head = try repository.target(of: "HEAD") else { return }
        var there = TreeEditor(root: try database.commit(head).tree)
        for (key, pending) in keeper.pending {
            let wanted = try there.file(at: key.text, in: database)
            guard wanted != pending.wanted else { continue }
            keeper.note(key.text, from: pending.wanted, to: wanted)
            try place(
                wanted, at: key.text, replacing: pending.known.union([pending.wanted]))
        }
    }

    /// Those of `paths` for which git's index holds what the served tip does.
    private func pathsStagedAsWanted(
        among paths: some Sequence<FilePath>
    ) throws(GitError) -> Set<FilePath> {
        let index = try GitIndex(opening: places.index)
        var staged: Set<FilePath> = []
        for path in paths
        where try trees.file(at: path.text, in: database)?.id == index[path.text]?.id {
            staged.insert(path)
        }
        return staged
    }

    private func bringFile(
        _ path: String, to wanted: TreeEditor.File?, from contents: Set<TreeEditor.File?>,
        after interruption: Interruption?
    ) throws(any Error) {
        let found = try? workingTree.read(path)
        let blob = found.map { GitObject(.blob, $0).id }
        guard blob != wanted?.id else { return bringMode(path, to: wanted, from: contents) }
        var known = contents
        if interruption != nil, let found, let blob, !contents.contains(where: { $0?.id == blob }) {
            if try isTorn(found, of: contents.union([wanted])) {
                known.insert(TreeEditor.File(mode: .file, id: blob))
            } else if interruption == .powerCut, isOfEarlierRun(path) {
                try keepAside(found, of: path)
                known.insert(TreeEditor.File(mode: .file, id: blob))
            }
        }
        try place(wanted, at: path, replacing: known)
    }

    /// Whether nobody has written the file since the machine was started.
    private func isOfEarlierRun(_ path: String) -> Bool {
        guard let began = Boot.began, let facts = FileFacts(at: places.file(path)) else {
            return false
        }
        return facts.modified.seconds < began
    }

    /// Keeps what a file holds after a power cut, and nobody committed there.
    private func keepAside(_ bytes: [UInt8], of path: String) throws(FileError) {
        let copy = try keepCopy(of: bytes, as: "\(places.kept)/\(Self.compact(.now))/\(path)")
        logger.warning(
            "A file held what nobody committed there after a power cut; that is kept aside.",
            metadata: ["path": "\(path)", "kept": "\(copy)"])
    }

    /// Brings the executable bit of a file that holds what is wanted, if it is as it was committed.
    private func bringMode(
        _ path: String, to wanted: TreeEditor.File?, from contents: Set<TreeEditor.File?>
    ) {
        guard let wanted, let facts = FileFacts(at: places.file(path)) else { return }
        let isMarked = facts.permissions & 0o100 != 0
        let isWanted = wanted.mode == .executable
        let was = contents.contains { $0?.id == wanted.id && ($0?.mode == .executable) == isMarked }
        guard isMarked != isWanted, was else { return }
        let bits = isWanted ? facts.permissions | 0o111 : facts.permissions & ~0o111
        guard chmod(places.file(path), mode_t(bits & 0o777)) == 0 else { return }
        keeper.noteWritten(path, FileFacts(at: places.file(path)))
    }

    /// Whether a file is the beginning of something that was committed, as a power cut leaves it.
    private func isTorn(
        _ found: [UInt8], of contents: Set<TreeEditor.File?>
    ) throws(GitError) -> Bool {
        if found.isEmpty { return true }
        for case let content? in contents {
            let whole = try database.read(content.id, as: .blob)
            if whole.count > found.count, whole.starts(with: found) { return true }
        }
        return false
    }

    /// What the commits after `base` up to `tip` did to each path.
    func histories(
        since base: ObjectID, to tip: ObjectID
    ) throws(GitError) -> [FilePath: PathHistory] {
        var histories: [FilePath: PathHistory] = [:]
        for id in try repository.commits(from: tip, hiding: [base]) {
            let commit = try database.commit(id)
            let isOwn = commit.committer.email == Signature.serverEmail
            for change in try database.changes(of: commit) {
                histories[FilePath(change.path), default: PathHistory()].note(
                    change, by: isOwn ? nil : commit.author.email)
            }
        }
        return histories
    }
}
