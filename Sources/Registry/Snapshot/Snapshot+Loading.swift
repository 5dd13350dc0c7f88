internal import HashTreeCollections

/// One file of a commit, as git holds it.
public typealias LoadedFile = (path: String, bytes: [UInt8], blob: Revision?)

extension Snapshot {
    /// Loads every file of a commit; sorted orders are built in place.
    package init(settings: RegistrySettings, loading files: some Sequence<LoadedFile>) {
        self.init(settings: settings)
        var documents: [DocumentKey: StoredDocument] = [:]
        var counts: [FilePath: Int] = [:]
        var rest: [LoadedFile] = []
        for file in files {
            guard case .document(let key) = FileLayout.key(ofPath: file.path) else {
                rest.append(file)
                continue
            }
            // What is doubled or invalid goes the long way.
            guard documents[key] == nil,
                let document = try? PreparedDocument(key, bytes: file.bytes, blob: file.blob)
            else {
                rest.append(file)
                continue
            }
            documents[key] = StoredDocument(document, path: file.path)
            counts[FilePath(FileLayout.folder(ofPath: file.path)), default: 0] += 1
        }
        folderCounts = TreeDictionary(uniqueKeysWithValues: counts.lazy.map { ($0.key, $0.value) })
        for (collection, stored) in Dictionary(grouping: documents.values, by: \.key.collection) {
            tables[collection] = CollectionTable(loading: stored)
        }
        references = ReferenceIndex(loading: Array(documents.values)) { documents[$0] != nil }
        for file in rest { put(path: file.path, bytes: file.bytes, blob: file.blob) }
    }
}
