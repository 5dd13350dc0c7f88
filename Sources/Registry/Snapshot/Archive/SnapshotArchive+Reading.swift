internal import Crypto
internal import Dispatch
internal import HashTreeCollections
internal import Synchronization

extension SnapshotArchive {
    /// Reads an archive; its documents were found valid when it was written.
    ///
    /// - Parameters:
    ///   - program: as it was given to ``write(_:program:_:)``.
    ///   - cache: has the source of the documents that are too large for an archive.
    package static func read(
        _ bytes: [UInt8], program: String, cache: DerivedCache
    ) throws(ArchiveError) -> Snapshot {
        let blocks = try blocks(of: bytes)
        guard let first = blocks.first, let last = blocks.last, blocks.count > 1 else {
            throw .torn
        }
        return try bytes.read(first) { head throws(ArchiveError) in
            var snapshot = try snapshot(from: &head, program: program, cache: cache)
            let folders = try readFolders(from: &head, into: &snapshot)
            let documents = try documents(
                in: blocks.dropFirst().dropLast(), of: bytes, folders: folders,
                cache: snapshot.cache)
            try bytes.read(last) { tail throws(ArchiveError) in
                try readTail(&tail, documents.byCollection, into: &snapshot)
            }
            snapshot.craton = CratonIndex(loading: documents.craton)
            try readIrregular(from: &head, folders: folders, into: &snapshot)
            return snapshot
        }
    }

    /// Where one block is, not yet known to be whole.
    fileprivate struct Block {
        let hash: Range<Int>
        let content: Range<Int>
    }

    private static func blocks(of bytes: [UInt8]) throws(ArchiveError) -> [Block] {
        var blocks: [Block] = []
        var start = 0
        while start < bytes.count {
            let hash = start + 4
            let content = hash + SHA256.byteCount
            guard content <= bytes.count else { throw .torn }
            let count = bytes[start..<hash].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard count <= bytes.count - content else { throw .torn }
            start = content + count
            blocks.append(Block(hash: hash..<content, content: content..<start))
        }
        return blocks
    }

    /// A snapshot of what the head says first, without documents.
    private static func snapshot(
        from head: inout ArchiveReader, program: String, cache: DerivedCache
    ) throws(ArchiveError) -> Snapshot {
        guard try head.number(UInt32.self) == version, try head.text() == program else {
            throw .foreign
        }
        let tree = try head.optional { head throws(ArchiveError) in try head.revision() }
        let commit = try head.optional { head throws(ArchiveError) in try head.revision() }
        guard let settings = try? RegistrySettings(parsing: Array(try head.content())) else {
            throw .foreign
        }
        var snapshot = Snapshot(settings: settings, cache: cache)
        snapshot.setCommit(commit, tree: tree)
        snapshot.settingsProblem = try head.optional { head throws(ArchiveError) in
            try head.invalid()
        }
        let policy = try head.optional { head throws(ArchiveError) in Array(try head.content()) }
        if let policy {
            snapshot.put(path: Policy.path, bytes: policy)
            guard snapshot.policyProblem == nil else { throw .foreign }
        }
        snapshot.policyProblem = try head.optional { head throws(ArchiveError) in
            try head.invalid()
        }
        return snapshot
    }

    private static func readFolders(
        from head: inout ArchiveReader, into snapshot: inout Snapshot
    ) throws(ArchiveError) -> [String] {
        let folders = try head.list { head throws(ArchiveError) in
            (path: try head.text(), count: Int(try head.number(UInt32.self)))
        }
        for folder in folders { snapshot.folderCounts[FilePath(folder.path)] = folder.count }
        let misspelled = try head.list { head throws(ArchiveError) in
            (path: try head.text(), reason: try head.text())
        }
        for file in misspelled { snapshot.misspelled[FilePath(file.path)] = file.reason }
        return folders.map(\.path)
    }

    /// The documents by collection, each in the order of its uids, read on all cores.
    private static func documents(
        in blocks: ArraySlice<Block>, of bytes: [UInt8], folders: [String], cache: DerivedCache
    ) throws(ArchiveError) -> (
        byCollection: [Collection: [StoredDocument]], craton: [CratonPart]
    ) {
        let blocks = Array(blocks)
        let parts = Mutex<[Int: Result<DocumentBlock, ArchiveError>]>([:])
        DispatchQueue.concurrentPerform(iterations: blocks.count) { index in
            let part = Result { () throws(ArchiveError) in
                try bytes.read(blocks[index]) { reader throws(ArchiveError) in
                    try documentBlock(&reader, folders: folders, cache: cache)
                }
            }
            parts.withLock { $0[index] = part }
        }
        var documents: [Collection: [StoredDocument]] = [:]
        var craton: [CratonPart] = []
        let found = parts.withLock { $0 }
        for index in blocks.indices {
            guard let part = try found[index]?.get() else { throw .torn }
            documents[part.collection, default: []] += part.documents
            craton += part.craton
        }
        return (documents, craton)
    }

    private struct DocumentBlock {
        let collection: Collection
        let documents: [StoredDocument]
        /// What the Craton API's index takes of them.
        let craton: [CratonPart]
    }

    private static func documentBlock(
        _ reader: inout ArchiveReader, folders: [String], cache: DerivedCache
    ) throws(ArchiveError) -> DocumentBlock {
        let collection = try reader.collection()
        let documents = try reader.list { reader throws(ArchiveError) in
            let key = DocumentKey(collection, try reader.id())
            return try reader.document(key, folders: folders, cache: cache)
        }
        return DocumentBlock(
            collection: collection, documents: documents,
            craton: documents.compactMap { CratonPart($0) })
    }

    private static func readTail(
        _ tail: inout ArchiveReader, _ documents: [Collection: [StoredDocument]],
        into snapshot: inout Snapshot
    ) throws(ArchiveError) {
        for _ in Collection.allCases {
            let collection = try tail.collection()
            let stored = documents[collection] ?? []
            let order = try tail.list { tail throws(ArchiveError) in
                try stored.at(try tail.number(UInt32.self))
            }
            guard order.count == stored.count else { throw .torn }
            snapshot.tables[collection] = CollectionTable(loading: stored, byCreation: order)
        }
        var naming: [DocumentKey: [DocumentKey]] = [:]
        let named = try tail.list { tail throws(ArchiveError) in
            let target = try tail.key()
            let sources = try tail.list { tail throws(ArchiveError) in
                try (documents[try tail.collection()] ?? []).at(try tail.number()).key
            }
            return (target: target, sources: sources)
        }
        for entry in named where !entry.sources.isEmpty { naming[entry.target] = entry.sources }
        snapshot.takeReferences(ReferenceIndex(loading: naming))
    }

    private static func readIrregular(
        from head: inout ArchiveReader, folders: [String], into snapshot: inout Snapshot
    ) throws(ArchiveError) {
        let cache = snapshot.cache
        let irregular = try head.list { head throws(ArchiveError) in
            let key = try head.key()
            var files: [FilePath: FileContent] = [:]
            let read = try head.list { head throws(ArchiveError) in
                let path = FilePath(try head.text())
                let reason = try head.optional { head throws(ArchiveError) in try head.invalid() }
                let document = try head.optional { head throws(ArchiveError) in
                    try head.document(key, folders: folders, cache: cache)
                }
                return (path: path, reason: reason, document: document)
            }
            for file in read {
                if let reason = file.reason {
                    files[file.path] = .invalid(reason, served: file.document)
                } else if let document = file.document {
                    files[file.path] = .valid(document)
                }
            }
            return (key: key, files: files)
        }
        for document in irregular { snapshot.restore(document.files, of: document.key) }
    }
}

extension [UInt8] {
    /// Reads a block once it is known to be whole.
    fileprivate func read<Value>(
        _ block: SnapshotArchive.Block,
        _ body: (inout ArchiveReader) throws(ArchiveError) -> Value
    ) throws(ArchiveError) -> Value {
        let result = withUnsafeBytes { buffer in
            Result { () throws(ArchiveError) in
                let content = UnsafeRawBufferPointer(rebasing: buffer[block.content])
                guard SHA256.hash(data: content).elementsEqual(buffer[block.hash]) else {
                    throw .torn
                }
                var reader = ArchiveReader(content)
                return try body(&reader)
            }
        }
        return try result.get()
    }
}

extension [StoredDocument] {
    fileprivate func at(_ place: UInt32) throws(ArchiveError) -> StoredDocument {
        guard indices.contains(Int(place)) else { throw .torn }
        return self[Int(place)]
    }
}
