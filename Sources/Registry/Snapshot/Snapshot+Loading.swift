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
        let doubled = takeTables(of: parts)
        takeRelations(of: parts, without: doubled)
        // What is doubled or invalid goes the long way.
        for other in doubled { put(path: other.path, bytes: other.bytes, blob: other.blob) }
        for file in parts.lazy.flatMap(\.rest) {
            put(path: file.path, bytes: file.bytes, blob: file.blob)
        }
    }

    /// Takes over who names whom, when the tables are there.
    mutating func takeReferences(_ loaded: ReferenceIndex) {
        references = loaded
        references.findMissing { [tables] target in
            tables[target.collection]?.documents[target.id] != nil
        }
    }

    /// Builds the tables, with one document of each uid.
    ///
    /// - Returns: the other ones.
    private mutating func takeTables(of parts: [LoadedPart]) -> [StoredDocument] {
        var doubled: [StoredDocument] = []
        for collection in Collection.allCases {
            var stored = parts.flatMap { $0.documents[collection] ?? [] }
            // Quick where the parts are in this order.
            stored.sort { $0.id < $1.id }
            doubled += stored.removeDoubled()
            tables[collection] = CollectionTable(loading: stored)
        }
        return doubled
    }

    /// Takes over what the documents say of each other and of their folders.
    ///
    /// - Parameter excluded: documents that are passed over.
    private mutating func takeRelations(
        of parts: [LoadedPart], without excluded: [StoredDocument]
    ) {
        let excludedObjects = Set(excluded.map { ObjectIdentifier($0) })
        var naming: [DocumentKey: [DocumentKey]] = [:]
        for (target, sources) in parts.lazy.flatMap(\.naming) {
            naming[target, default: []] += sources.lazy
                .filter { !excludedObjects.contains(ObjectIdentifier($0)) }.map(\.key)
        }
        takeReferences(ReferenceIndex(loading: naming))
        craton = CratonIndex(
            loading: parts.lazy.flatMap(\.craton)
                .filter { !excludedObjects.contains(ObjectIdentifier($0.document)) }.map(\.part))
        var counts: [FilePath: Int] = [:]
        for part in parts { counts.merge(part.folderCounts, uniquingKeysWith: +) }
        for stored in excluded { counts[FilePath(stored.folder), default: 0] -= 1 }
        folderCounts = TreeDictionary(
            uniqueKeysWithValues: counts.lazy.filter { $0.value > 0 }.map { ($0.key, $0.value) })
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
