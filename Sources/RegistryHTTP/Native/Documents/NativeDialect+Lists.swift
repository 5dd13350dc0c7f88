import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET documents/devices?address=10.0.*&sort=-creation_date`
    func listDocuments(_ call: NativeCall) async throws -> Response {
        let collection = try call.collection
        let query = try ListQuery(call.path.query, of: collection)
        let snapshot = call.context.snapshot
        let tag = call.tag(of: collection, in: snapshot)
        var fields = call.readFields
        if snapshot.uncommittedPaths.contains(where: { $0.hasPrefix(collection.name + "/") }) {
            fields[.registryUncommitted] = "true"
        }
        fields[.eTag] = tag.description
        if let unchanged = call.request.notModified(tag) {
            return .empty(unchanged.status, headers: unchanged.headers)
        }
        let page = try await page(of: collection, in: snapshot, query)
        if let last = page.last {
            fields[.link] = "<\(call.pageAddress(after: last))>; rel=\"next\""
        }
        fields[.contentType] = "application/json"
        return Response(status: .ok, headers: fields, body: page.body(showing: query.fields))
    }

    private func page(
        of collection: Registry.Collection, in snapshot: Snapshot, _ query: ListQuery
    ) async throws -> DocumentPage {
        if query.isPlain {
            let total = snapshot.count(of: collection)
            let rank = query.after.map { snapshot.place(behind: $0, in: collection) } ?? 0
            let documents = snapshot.documents(
                in: collection, order: .uid, offset: rank, limit: query.limit)
            return DocumentPage(
                documents: documents, total: total, isLast: rank + documents.count >= total)
        }
        let ids = await lists.ids(of: collection, in: snapshot, query)
        var start = 0
        if let after = query.after {
            guard let place = ids.firstIndex(of: after) else {
                throw NativeError.parameter(
                    "after", "\(after) is not in this list; begin with its first page.")
            }
            start = place + 1
        }
        let documents = ids[start...].prefix(query.limit).compactMap {
            snapshot[DocumentKey(collection, $0)]
        }
        return DocumentPage(
            documents: documents, total: ids.count, isLast: start + documents.count >= ids.count)
    }
}

/// Some documents of a list.
private struct DocumentPage: Sendable {
    let documents: [StoredDocument]
    /// How many the whole list has.
    let total: Int
    let isLast: Bool

    /// The document that the next page follows; nil where there is none.
    var last: DocumentID? { isLast ? nil : documents.last?.id }

    /// A document a line, sent in pieces; a slow reader holds the snapshot and no more.
    func body(showing fields: [FieldPath]?) -> ResponseBody {
        ResponseBody { writer in
            var buffer = ByteBuffer(string: "{\"total\": \(total), \"documents\": [")
            for (place, stored) in documents.enumerated() {
                buffer.writeString(place == 0 ? "\n" : ",\n")
                buffer.writeBytes(stored.listed(showing: fields).compactBytes())
                guard buffer.readableBytes > 1 << 16 else { continue }
                try await writer.write(buffer)
                buffer = ByteBuffer()
            }
            buffer.writeString("\n]}\n")
            try await writer.write(buffer)
            try await writer.finish(nil)
        }
    }
}

extension StoredDocument {
    fileprivate func listed(showing fields: [FieldPath]?) -> JSONValue {
        guard let fields else { return listed }
        let document = QueriedDocument(self)
        var shown = JSONObject()
        for field in fields { field.copy(from: document, into: &shown) }
        return [
            "collection": .text(collection.name), "uid": .text(id.text),
            "etag": .text("\(blob)"), "document": .object(shown),
        ]
    }
}

extension NativeCall {
    /// The tag of a list, known without its documents.
    fileprivate func tag(
        of collection: Registry.Collection, in snapshot: Snapshot
    ) -> EntityTag {
        let (high, low) = snapshot.state(of: collection).words
        let text = "native1 \(high) \(low) \(collection) \(path.query.raw)"
        return EntityTag(of: Array(text.utf8))
    }

    /// The next page, of the same commit.
    fileprivate func pageAddress(after last: DocumentID) -> String {
        var query = path.query.raw.split(separator: "&").filter { pair in
            !pair.hasPrefix("after=")
        }.map(String.init)
        query.append("after=\(percentEncoded(last.text))")
        // A proposal is shown merged, which no commit is.
        let isProposal = context.at?.hasPrefix("proposal:") == true
        let at = isProposal ? context.at : context.snapshot.commit?.description ?? context.at
        if let at { query.append("at=\(percentEncoded(at))") }
        return "\(context.baseURL)\(path.raw)?\(query.joined(separator: "&"))"
    }
}
