/// A document's file that goes to another folder.
public struct FileMove: Hashable, Sendable {
    public let from: String
    public let to: String
}

extension Snapshot {
    /// What a collection's files have to do so that each is where this fan-out puts it.
    ///
    /// Files in folders of people's own making stay: such a folder says something to them. So do
    /// documents with more than one file, which is a problem that people have to decide.
    public func moves(of collection: Collection, toFanOut depth: Int) -> [FileMove] {
        all(in: collection, order: .uid).compactMap { document in
            let target = FileLayout.path(for: document.key, depth: depth)
            let (here, there) = (FilePath(document.path), FilePath(target))
            let isAlone = files(of: document.key).count == 1
            guard here != there, isAlone, isInFanOut(document.key, here) else { return nil }
            return FileMove(from: here.text, to: there.text)
        }
    }

    private func isInFanOut(_ key: DocumentKey, _ path: FilePath) -> Bool {
        FileLayout.depths.contains { FilePath(FileLayout.path(for: key, depth: $0)) == path }
    }

    /// The deepest fan-out of each collection that `registry.json` or its number of documents asks
    /// for, where that is another than it has.
    public var suitableFanOut: [String: Int] {
        var fanOut: [String: Int] = [:]
        for collection in DocumentKind.all.map(\.collection) {
            let present = settings.fanOut[collection.name] ?? 0
            let suitable = RegistrySettings.fanOut(forDocuments: count(of: collection))
            if suitable > present || isFull(collection) {
                fanOut[collection.name] = max(suitable, present)
            }
        }
        return fanOut
    }

    /// The folders that hold more documents than git handles well, by path.
    public var fullFolders: [(folder: String, documents: Int)] {
        folderCounts.filter { $0.value > Self.fullFolder }
            .map { ($0.key.text, $0.value) }.sorted { $0.0 < $1.0 }
    }

    private func isFull(_ collection: Collection) -> Bool {
        fullFolders.contains { "\($0.folder)/".hasPrefix("\(collection.name)/") }
    }

    /// Moves a document's file.
    package mutating func move(_ move: FileMove) {
        guard case .document(let key) = FileLayout.key(ofPath: move.from),
            FileLayout.key(ofPath: move.to) == .document(key)
        else { return }
        var files = files(of: key)
        guard let content = files.removeValue(forKey: FilePath(move.from)) else { return }
        let folder = sharedFolder(ofPath: move.to)
        files[FilePath(move.to)] = content.moved(to: folder)
        count(-1, in: FileLayout.folder(ofPath: move.from))
        count(1, in: folder)
        settle(key, files)
    }
}

extension FileContent {
    fileprivate func moved(to folder: String) -> FileContent {
        switch self {
        case .valid(let document): .valid(document.moved(to: folder))
        case .invalid(let reason, let served): .invalid(reason, served: served?.moved(to: folder))
        }
    }
}
