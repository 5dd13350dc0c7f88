internal import HashTreeCollections

extension Snapshot {
    /// Puts the file at `path`; ignored when it is no document's, nor `registry.json` or
    /// `policy.json`.
    ///
    /// Where the bytes are invalid, the last document of the path stays served.
    ///
    /// - Parameter blob: what git calls the bytes, if that is known.
    package mutating func put(path: String, bytes: [UInt8], blob: Revision? = nil) {
        if path == RegistrySettings.path { return putSettings(bytes) }
        if path == Policy.path { return putPolicy(bytes) }
        switch FileLayout.key(ofPath: path) {
        case .notADocument: break
        case .misspelled(let reason): misspelled[FilePath(path)] = reason
        case .document(let key):
            let content = read(key, bytes, blob, at: path) {
                files(of: key)[FilePath(path)]?.document
            }
            set(content, at: path, of: key)
        }
    }

    /// Puts a document that was read before.
    ///
    /// - Parameter isCommitted: the repository has it, should it be large.
    package mutating func put(
        path: String, _ prepared: PreparedDocument, isCommitted: Bool = true
    ) {
        guard FileLayout.key(ofPath: path) == .document(prepared.key) else { return }
        let stored = StoredDocument(
            prepared, in: sharedFolder(ofPath: path), cache: cache, isElsewhere: isCommitted)
        set(.valid(stored), at: path, of: prepared.key, saying: prepared.content)
    }

    /// Puts a file that is known to be invalid.
    ///
    /// - Parameter lastGood: an earlier version to serve in its place, if it is valid.
    package mutating func putInvalid(path: String, bytes: [UInt8], lastGood: [UInt8]?) {
        guard case .document(let key) = FileLayout.key(ofPath: path) else {
            return put(path: path, bytes: bytes)
        }
        let content = read(key, bytes, nil, at: path) {
            lastGood.flatMap { read(key, $0, nil, at: path) { nil }.document }
        }
        set(content, at: path, of: key)
    }

    /// Takes the file at `path` out.
    package mutating func remove(path: String) {
        if path == Policy.path { (ownPolicy, policyProblem) = (nil, nil) }
        switch FileLayout.key(ofPath: path) {
        case .notADocument: break
        case .misspelled: misspelled[FilePath(path)] = nil
        case .document(let key): set(nil, at: path, of: key)
        }
    }

    package mutating func setCommit(_ commit: Revision?, tree: Revision?) {
        self.commit = commit
        self.tree = tree
    }

    /// What a change means in files: the document's file, or the place for a new one, and the
    /// removal of every other file of its uid. Nothing where the files would stay as they are.
    public func fileChanges(
        for changes: [Change]
    ) -> [(path: String, document: PreparedDocument?)] {
        var changed: [(path: String, document: PreparedDocument?)] = []
        for change in changes {
            let stored = self[change.key]
            let served = stored.map { FilePath($0.path) }
            let others = files(of: change.key).keys.filter { $0 != served }
            switch change {
            case .put(let document):
                let path = served?.text ?? others.min()?.text ?? layout.path(for: document.key)
                if stored?.blob != document.blob || stored?.isLastGood != false {
                    changed.append((path, document))
                }
                for other in others.sorted() where other != FilePath(path) {
                    changed.append((other.text, nil))
                }
            case .remove:
                if let served { changed.append((served.text, nil)) }
                for other in others.sorted() { changed.append((other.text, nil)) }
            }
        }
        return changed
    }

    private mutating func putPolicy(_ bytes: [UInt8]) {
        do throws(InvalidDocument) {
            ownPolicy = try Policy(parsing: bytes)
            policyProblem = nil
        } catch {
            policyProblem = error
        }
    }

    private mutating func putSettings(_ bytes: [UInt8]) {
        do throws(InvalidDocument) {
            let read = try RegistrySettings(parsing: bytes)
            settingsProblem = nil
            settings = read
            layout = read.layout
        } catch {
            settingsProblem = error
        }
        // Which of two files of one uid wins depends on where a new one would go.
        for key in irregular.keys { settle(key, files(of: key)) }
    }
}

extension Snapshot {
    /// Reads the bytes as they are in a file.
    private func read(
        _ key: DocumentKey, _ bytes: [UInt8], _ blob: Revision?, at path: String,
        lastGood: () -> StoredDocument?
    ) -> FileContent {
        do throws(InvalidDocument) {
            let document = try PreparedDocument(key, bytes: bytes, blob: blob)
            return .valid(StoredDocument(document, in: sharedFolder(ofPath: path), cache: cache))
        } catch {
            return .invalid(error, served: lastGood()?.asLastGood)
        }
    }

    /// The folder of a path, as the one text that all its documents share.
    func sharedFolder(ofPath path: String) -> String {
        let folder = FilePath(FileLayout.folder(ofPath: path))
        return folderCounts.index(forKey: folder).map { folderCounts[$0].key.text } ?? folder.text
    }

    /// Every file of a document.
    func files(of key: DocumentKey) -> [FilePath: FileContent] {
        if let files = irregular[key] { return files }
        return self[key].map { [FilePath($0.path): .valid($0)] } ?? [:]
    }

    /// Puts the files of a document that are counted already.
    mutating func restore(_ files: [FilePath: FileContent], of key: DocumentKey) {
        settle(key, files)
    }

    /// - Parameter said: what the document says, if it is decoded already.
    private mutating func set(
        _ content: FileContent?, at path: String, of key: DocumentKey,
        saying said: (any Document)? = nil
    ) {
        if case .valid(let new) = content, isOnlyFile(new) {
            return serve(new, as: key, saying: said)
        }
        var files = files(of: key)
        let wasThere = files.updateOrRemove(content, at: FilePath(path))
        if wasThere != (content != nil) {
            count(wasThere ? -1 : 1, in: FileLayout.folder(ofPath: path))
        }
        settle(key, files)
    }

    /// Counts files that a folder has more or less than before.
    mutating func count(_ difference: Int, in folder: String) {
        let count = (folderCounts[FilePath(folder)] ?? 0) + difference
        folderCounts[FilePath(folder)] = count == 0 ? nil : count
    }

    /// Chooses which of its files is served as the document, and brings every index up to date.
    mutating func settle(_ key: DocumentKey, _ files: [FilePath: FileContent]) {
        let served = served(of: files, key)
        let isRegular = files.count == 1 && files.values.allSatisfy { $0.reason == nil }
        irregular[key] = isRegular || files.isEmpty ? nil : files
        serve(served, as: key)
    }

    /// Whether `new` takes the place of the one file that its document has, as most changes do.
    private func isOnlyFile(_ new: StoredDocument) -> Bool {
        guard irregular[new.key] == nil, let old = self[new.key] else { return false }
        return FilePath(old.folder) == FilePath(new.folder)
    }

    private mutating func serve(
        _ new: StoredDocument?, as key: DocumentKey, saying said: (any Document)? = nil
    ) {
        let old = self[key]
        tables[key.collection, default: CollectionTable()].set(new, for: key.id)
        references.replace(old, by: new, saying: said) { [tables] target in
            tables[target.collection]?.documents[target.id] != nil
        }
        craton.replace(old, by: new) { [references] in Array(references.sources(of: $0).elements())
        }
    }

    /// The file where a new one would go, else the one with the smallest path.
    func served(of files: [FilePath: FileContent], _ key: DocumentKey) -> StoredDocument? {
        let candidates = files.filter { $0.value.document != nil }
        let natural = candidates.count > 1 ? FilePath(layout.path(for: key)) : nil
        guard
            let path = natural.flatMap({ candidates[$0] == nil ? nil : $0 })
                ?? candidates.keys.min(),
            let content = candidates[path]
        else { return nil }
        return content.document
    }
}

extension Dictionary {
    /// Sets or removes a value, and says whether there was one.
    fileprivate mutating func updateOrRemove(_ value: Value?, at key: Key) -> Bool {
        if let value {
            updateValue(value, forKey: key) != nil
        } else {
            removeValue(forKey: key) != nil
        }
    }
}
