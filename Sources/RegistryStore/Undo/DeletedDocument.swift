public import JSON
public import Registry

/// A document that was removed and is gone.
public struct DeletedDocument: Hashable, Sendable {
    public let key: DocumentKey
    /// The commit of the served line that removed it.
    public let commit: HistoryEntry

    /// The form of API answers.
    public var json: JSONValue {
        var object: JSONObject = [
            "document": .text("\(key)"), "collection": .text(key.collection.name),
            "uid": .text(key.id.text),
        ]
        for (name, value) in commit.json.object ?? [:] { object[name] = value }
        return .object(object)
    }
}

/// One page of what was removed, newest first.
public struct DeletedDocuments: Sendable {
    public let documents: [DeletedDocument]
    /// What the next page is asked for with; nil where there is none.
    public let next: String?
}

extension RegistryStore {
    /// The documents that were removed and are gone, newest first.
    ///
    /// A page may be short, or empty, where a long history was looked at; `next` goes on.
    ///
    /// - Parameter cursor: the `next` of the page before.
    public nonisolated func deleted(
        in collection: Collection? = nil, after cursor: String? = nil, limit: Int = 20
    ) async throws(RegistryError) -> DeletedDocuments {
        let served = index.committed
        return try await reader.ask { reader in
            try reader.deleted(
                in: collection, after: cursor, limit: max(1, limit), now: served)
        }
    }
}
