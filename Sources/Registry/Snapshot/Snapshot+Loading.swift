internal import HashTreeCollections

extension Snapshot {
    /// Loads every file of a commit.
    package init(settings: RegistrySettings, loading files: some Sequence<LoadedFile>) {
        let cache = DerivedCache()
        var part = LoadedPart(cache)
        for file in files { part.add(file) }
        self.init(settings: settings, joining: [part], cache: cache)
    }

    /// Joins the parts in which the files of a commit were read; orders are built in place.
    package init(settings: RegistrySettings, joining parts: [LoadedPart], cache: DerivedCache) {
        self.init(settings: settings, cache: cache)
        var doubled: [StoredDocument] = []
        for collection in Collection.allCases {
            var stored: [StoredDocument] = []
            for part in parts { stored += part.documents.filter { $0.collection == collection } }
            stored.sort { $0.id < $1.id }
            doubled += stored.removeDoubled()
            tables[collection] = CollectionTable(loading: stored)
        }
        countFolders()
        var naming: [DocumentKey: [DocumentKey]] = [:]
        let passedOver = Set(doubled.map { ObjectIdentifier($0) })
        for (source, targets) in parts.lazy.flatMap(\.targets)
        where !passedOver.contains(ObjectIdentifier(source)) {
            for target in targets { naming[target, default: []].append(source.key) }
        }
        references = ReferenceIndex(loading: naming) { [tables] target in
            tables[target.collection]?.documents[target.id] != nil
        }
        craton = CratonIndex(
            loading: parts.lazy.flatMap(\.craton)
                .filter { !passedOver.contains(ObjectIdentifier($0.document)) }.map(\.part))
        // What is doubled or invalid goes the long way.
        for other in doubled { put(path: other.path, bytes: other.bytes, blob: other.blob) }
        for file in parts.lazy.flatMap(\.rest) {
            put(path: file.path, bytes: file.bytes, blob: file.blob)
        }
    }

    private mutating func countFolders() {
        var counts: [FilePath: Int] = [:]
        for table in tables.values {
            for stored in table.documents.values {
                counts[FilePath(stored.folder), default: 0] += 1
            }
        }
        folderCounts = TreeDictionary(uniqueKeysWithValues: counts.lazy.map { ($0.key, $0.value) })
    }
}

extension [StoredDocument] {
    /// Takes all but one of each uid out of an array that is in their order.
    fileprivate mutating func removeDoubled() -> [StoredDocument] {
        var doubled: [StoredDocument] = []
        var kept: [StoredDocument] = []
        kept.reserveCapacity(count)
        for stored in self {
            if kept.last?.id == stored.id { doubled.append(stored) } else { kept.append(stored) }
        }
        self = kept
        return doubled
    }
}
