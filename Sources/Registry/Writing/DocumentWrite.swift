public import JSON

/// A change of one document, of any kind, as a caller asks for it.
public struct DocumentWrite: Sendable {
    /// What is to become of the document.
    public enum Work: Sendable {
        /// The whole document, new or in the place of the present one.
        case replace(Content)
        /// A merge patch (RFC 7396).
        case mergePatch(JSONValue)
        /// A JSON patch (RFC 6902).
        case patch(JSONPatch)
        /// With what belongs to it, and every device's reference to it.
        case remove
    }

    /// A whole document.
    public enum Content: Sendable {
        /// The bytes of its file, which are kept as they are.
        case bytes([UInt8])
        /// What it says; the file is written from it.
        case data(JSONValue)
    }

    /// Which document the caller expects to find.
    public enum Expectation: Hashable, Sendable {
        case any
        /// There is none yet.
        case absent
        /// There is one.
        case present
        /// Exactly that version.
        case blob(Revision)
    }

    public let key: DocumentKey
    public let work: Work
    public let expectation: Expectation
    private let rewritten = RewrittenDevices()

    public init(_ key: DocumentKey, _ work: Work, expecting expectation: Expectation = .any) {
        self.key = key
        self.work = work
        self.expectation = expectation
    }
}

extension DocumentWrite {
    /// What it means for the registry as it is; nothing where the document is so already.
    ///
    /// - Parameter now: the time of documents that are new and do not say theirs.
    func changes(on snapshot: Snapshot, now: Timestamp) throws(RegistryError) -> [Change] {
        let stored = snapshot[key]
        try check(stored)
        switch work {
        case .remove:
            guard stored != nil else { throw .unknown(key) }
            var removal = DocumentRemoval(snapshot, rewritten)
            removal.remove(key)
            return removal.changes
        case .replace(let content):
            let bytes = try key.bytes(of: content, replacing: stored, now: now)
            return [.put(try key.prepared(bytes))]
        case .mergePatch(let patch):
            return [.put(try patched(stored, now) { $0.mergePatched(with: patch) })]
        case .patch(let patch):
            return [
                .put(
                    try patched(stored, now) { value throws(RegistryError) in
                        do throws(JSONPatchError) {
                            return try value.patched(with: patch)
                        } catch {
                            throw .patch(key, error)
                        }
                    })
            ]
        }
    }

    private func check(_ stored: StoredDocument?) throws(RegistryError) {
        switch expectation {
        case .any: return
        case .absent: guard stored == nil else { throw .exists(key) }
        case .present: guard stored != nil else { throw .unknown(key) }
        case .blob(let blob):
            guard stored?.blob == blob else { throw .stale(key, current: stored?.blob) }
        }
    }

    private func patched(
        _ stored: StoredDocument?, _ now: Timestamp,
        _ patch: (JSONValue) throws(RegistryError) -> JSONValue
    ) throws(RegistryError) -> PreparedDocument {
        guard let stored else { throw .unknown(key) }
        guard key.collection.isJSON else {
            throw .invalid(
                key,
                InvalidDocument(
                    "A rule file keeps its author's text, so it takes no patch; send it whole."))
        }
        guard let value = try? JSONValue(parsing: stored.bytes, options: .document) else {
            throw .invalid(key, InvalidDocument("The stored document cannot be read."))
        }
        let bytes = try key.bytes(of: .data(patch(value)), replacing: stored, now: now)
        return try key.prepared(bytes)
    }
}

extension Collection {
    /// Whether its documents are JSON; the others are YAML.
    public var isJSON: Bool { suffix == ".json" }
}

extension DocumentKey {
    /// The bytes of a file that says this.
    fileprivate func bytes(
        of content: DocumentWrite.Content, replacing stored: StoredDocument?, now: Timestamp
    ) throws(RegistryError) -> [UInt8] {
        switch content {
        case .bytes(let bytes): return bytes
        case .data(let value):
            guard collection.isJSON else { return Array(YAMLValue(json: value).fileText.utf8) }
            guard let object = value.object, let kind = DocumentKind.of(collection) else {
                return value.canonicalBytes()
            }
            let whole = kind.complete?(object, id, stored, now) ?? object
            return JSONValue.object(whole).canonicalBytes()
        }
    }

    fileprivate func prepared(_ bytes: [UInt8]) throws(RegistryError) -> PreparedDocument {
        do throws(InvalidDocument) {
            return try PreparedDocument(self, bytes: bytes)
        } catch {
            throw .invalid(self, error)
        }
    }
}
