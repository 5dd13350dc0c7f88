import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore
import StateStore

extension NativeDialect {
    /// `GET documents`: the collections and how much is in them.
    func listCollections(_ call: NativeCall) -> Response {
        let snapshot = call.context.snapshot
        let collections = DocumentKind.all.map(\.collection).map { collection -> JSONValue in
            [
                "name": .text(collection.name),
                "count": .number(JSONNumber(snapshot.count(of: collection))),
                "media_type": .text(collection.mediaType),
            ]
        }
        return call.answer(
            [
                "collections": .array(collections),
                "commit": snapshot.commit.map { .text("\($0)") } ?? .null,
            ], headers: call.readFields)
    }

    /// `GET documents/devices/robot-1`: the bytes of the file; the entity tag is its blob.
    func showDocument(_ call: NativeCall) throws -> Response {
        let key = try call.key
        guard let stored = call.context.snapshot[key] else { throw RegistryError.unknown(key) }
        let form = DocumentForm(of: stored.collection, for: call.request)
        return call.show(stored, as: form)
    }

    /// `PUT documents/devices/robot-1`
    func replaceDocument(_ call: NativeCall) async throws -> Response {
        let key = try call.key
        let content = try await call.documentContent(of: key.collection)
        return try await writeOne(DocumentWrite(key, .replace(content)), call)
    }

    /// `PATCH documents/devices/robot-1`
    func patchDocument(_ call: NativeCall) async throws -> Response {
        let key = try call.key
        return try await writeOne(
            DocumentWrite(key, try await call.patch(of: key.collection)), call)
    }

    /// `DELETE documents/devices/robot-1`
    func removeDocument(_ call: NativeCall) async throws -> Response {
        let request = try WriteRequest(call)
        let write = DocumentWrite(try call.key, .remove)
        let outcome = try await self.write([write], request, call, check: call.check(write.key))
        if outcome.isDone, write.key.collection == .devices {
            services.signals.remove(write.key.id)
        }
        return call.answer(outcome.json, headers: outcome.fields)
    }

    private func writeOne(_ write: DocumentWrite, _ call: NativeCall) async throws -> Response {
        let request = try WriteRequest(call)
        let outcome = try await self.write([write], request, call, check: call.check(write.key))
        guard outcome.isDone, let stored = outcome.snapshot[write.key] else {
            return call.answer(outcome.json, headers: outcome.fields)
        }
        let isNew = outcome.plan.steps.contains { $0.key == write.key && $0.action == .create }
        var response = call.show(
            stored, as: DocumentForm(of: stored.collection, for: call.request),
            status: isNew ? .created : .ok)
        for field in outcome.fields { response.headers[field.name] = field.value }
        if isNew { response.headers[.location] = call.location(of: write.key) }
        return response
    }
}

/// The form in which a document is shown.
enum DocumentForm: Sendable {
    /// The bytes of the file.
    case file
    /// JSON made from YAML.
    case json

    init(of collection: Registry.Collection, for request: Request) {
        let wantsJSON = request.headers[values: .accept].contains { field in
            field.contains("json") && !field.contains("yaml")
        }
        self = !collection.isJSON && wantsJSON ? .json : .file
    }
}

extension Registry.Collection {
    /// The media type of its files (RFC 8259, RFC 9512).
    var mediaType: String { isJSON ? "application/json" : "application/yaml" }
}

extension StoredDocument {
    /// What the document says; nil where it cannot be read.
    var data: JSONValue? {
        if let rules = content as? RuleFile { return rules.data.json }
        return try? JSONValue(parsing: bytes, options: .document)
    }

    func tag(as form: DocumentForm) -> EntityTag {
        form == .json ? EntityTag("\(blob)-json") : EntityTag("\(blob)")
    }
}

extension NativeCall {
    /// The collection in the path.
    var collection: Registry.Collection {
        get throws(NativeError) {
            let name = values["collection"] ?? ""
            let found = DocumentKind.all.map(\.collection).first { $0.name == name }
            guard let found else { throw .unknownCollection(name) }
            return found
        }
    }

    /// The document in the path.
    var key: DocumentKey {
        get throws(NativeError) {
            let collection = try collection
            guard let id = values["uid"].flatMap({ DocumentID($0) }) else { throw .uid }
            return DocumentKey(collection, id)
        }
    }

    /// What every read says of the state that it was made from.
    var readFields: HTTPFields {
        var fields = HTTPFields()
        fields[.registryCommit] = context.snapshot.commit?.description
        return fields
    }

    func show(
        _ stored: StoredDocument, as form: DocumentForm, status: HTTPResponse.Status = .ok
    ) -> Response {
        let tag = stored.tag(as: form)
        var fields = readFields
        fields[.eTag] = tag.description
        if !stored.collection.isJSON { fields[.vary] = "Accept" }
        if context.snapshot.uncommittedPaths.contains(stored.path) {
            fields[.registryUncommitted] = "true"
        }
        if request.method == .get, var unchanged = request.notModified(tag) {
            unchanged.headers[.registryCommit] = fields[.registryCommit]
            return unchanged
        }
        if form == .json {
            return .json(status, (stored.data ?? .null).canonicalBytes(), headers: fields)
        }
        return .bytes(
            status, stored.bytes, contentType: stored.collection.mediaType, headers: fields)
    }

    func location(of key: DocumentKey) -> String {
        location("documents/\(key.collection.name)/\(percentEncoded(key.id.text))")
    }

    /// Checks `If-Match` and `If-None-Match` against the document of the path.
    func check(
        _ key: DocumentKey
    ) -> @Sendable (Snapshot) throws(RegistryError) -> Void {
        let request = request
        return { snapshot throws(RegistryError) in
            let stored = snapshot[key]
            let rendered = stored?.tag(as: .json)
            let isRendered = request.headers[values: .ifMatch].contains { field in
                rendered.map { field.contains($0.value) } ?? false
            }
            do throws(PreconditionFailed) {
                try request.checkPreconditions(
                    current: isRendered ? rendered : stored?.tag(as: .file))
            } catch {
                throw .stale(key, current: stored?.blob)
            }
        }
    }
}
