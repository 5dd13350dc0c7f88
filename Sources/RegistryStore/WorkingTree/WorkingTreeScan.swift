internal import Dispatch
internal import Git
internal import Registry
internal import Synchronization

/// Finds the files that hold something else than a snapshot, without the writer's thread.
///
/// As git does it: a file whose stat data are those that git's index has for the same blob is not
/// read. Both cores look at a time.
actor WorkingTreeScan {
    private nonisolated let executor = WorkThread(label: "registry-scan")
    private let workingTree: WorkingTree
    /// Files that the index knows nothing of, with what they were found to hold.
    private var read: [FilePath: ReadFile] = [:]

    /// So many documents are looked at in one piece of work.
    private static let slice = 4_096
    /// So many files are remembered as read.
    private static let readLimit = 50_000

    private struct ReadFile {
        let facts: FileFacts
        let blob: ObjectID
    }

    /// A part of the work.
    private enum Part {
        case documents(Collection, offset: Int)
        case folder(Collection)
    }

    /// What one part found.
    private struct Finding {
        var paths: [String] = []
        var read: [FilePath: ReadFile] = [:]
    }

    init(_ workingTree: WorkingTree) { self.workingTree = workingTree }

    private nonisolated var places: StorePlaces { workingTree.places }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// The documents' files that are not as `snapshot` has them, and those that it does not have.
    func differences(from snapshot: Snapshot) -> [String] {
        var parts: [Part] = []
        for kind in DocumentKind.all {
            parts.append(.folder(kind.collection))
            for offset in stride(from: 0, to: snapshot.count(of: kind.collection), by: Self.slice) {
                parts.append(.documents(kind.collection, offset: offset))
            }
        }
        let (staged, known) = (StagedFiles(reading: places.index), read)
        let findings = Mutex<[Finding]>([])
        DispatchQueue.concurrentPerform(iterations: parts.count) { [parts] index in
            let finding =
                switch parts[index] {
                case .documents(let collection, let offset):
                    changedFiles(of: snapshot, collection, offset, staged, known)
                case .folder(let collection): unknownFiles(in: collection, of: snapshot)
                }
            findings.withLock { $0.append(finding) }
        }
        let found = findings.withLock { $0 }
        remember(found)
        // An irregular file is often an unknown one too.
        let paths = found.flatMap(\.paths) + snapshot.irregularPaths
        return Set(paths.map { FilePath($0) }).map(\.text)
    }

    /// Keeps what was read, so that it is not read again the next time.
    private func remember(_ findings: [Finding]) {
        read = [:]
        for finding in findings where read.count < Self.readLimit {
            read.merge(finding.read) { $1 }
        }
    }

    private nonisolated func changedFiles(
        of snapshot: Snapshot, _ collection: Collection, _ offset: Int, _ staged: StagedFiles,
        _ known: [FilePath: ReadFile]
    ) -> Finding {
        var finding = Finding()
        let documents = snapshot.all(in: collection, order: .uid, offset: offset)
        for document in documents.prefix(Self.slice) {
            let (path, blob) = (document.path, ObjectID(document.blob))
            guard let facts = FileFacts(at: places.file(path)) else {
                finding.paths.append(path)
                continue
            }
            if staged.know(path, facts, toHold: blob) { continue }
            if let read = known[FilePath(path)], read.blob == blob, read.facts == facts {
                finding.read[FilePath(path)] = read
            } else if (try? workingTree.blob(at: path)) == blob {
                finding.read[FilePath(path)] = ReadFile(facts: facts, blob: blob)
            } else {
                finding.paths.append(path)
            }
        }
        return finding
    }

    private nonisolated func unknownFiles(
        in collection: Collection, of snapshot: Snapshot
    ) -> Finding {
        var finding = Finding()
        FileSystem.forEachFile(below: collection.name, of: places.workingTree) { path in
            guard case .document(let key) = FileLayout.key(ofPath: path) else { return }
            let known = snapshot[key].map { FilePath($0.path) }
            if known != FilePath(path) { finding.paths.append(path) }
        }
        return finding
    }

    /// Begins to watch the folders of all collections; nil where the system cannot.
    func watcher() -> sending FolderWatcher? {
        FolderWatcher(
            root: places.workingTree, collections: DocumentKind.all.map(\.collection.name))
    }
}

extension RegistryStore {
    /// Looks at every file of the collections, and serves the edits that it finds.
    ///
    /// Only files that differ cost the writer time.
    nonisolated func scanWorkingTree() async {
        guard status.headElsewhere == nil else { return }
        let found = await scan.differences(from: index.committed)
        var rest = (found + (await edits.paths))[...]
        while !rest.isEmpty {
            await lookAtFound(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
    }

    /// Looks at files that may hold edits.
    private func lookAtFound(_ paths: ArraySlice<String>) {
        guard report.headElsewhere == nil else { return }
        settleFiles()
        // A reset touches files too; then they are no edits.
        lookAround()
        lookAtFiles(paths)
        publish()
    }
}
