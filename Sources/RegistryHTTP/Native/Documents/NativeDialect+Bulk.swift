import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore
import StateStore

extension NativeDialect {
    /// The most changes of one request.
    static let bulkLimit = 100_000

    /// `POST documents/bulk`: many changes, one commit, all or nothing.
    func changeDocuments(_ call: NativeCall) async throws -> Response {
        let (writes, request) = try await bulk(call)
        let outcome = try await write(writes, request, call)
        if outcome.isDone { forgetSignals(of: outcome.plan) }
        return call.answer(outcome.json, headers: outcome.fields)
    }

    /// Tells again what a request has changed.
    func recoverChanges(
        _ call: NativeCall, commit: Revision, before: Revision?
    ) async throws -> Response {
        let (writes, _) = try await bulk(call)
        var old = Snapshot()
        if let before { old = try await services.store.snapshot(at: "\(before)") }
        let new = try await services.store.snapshot(at: "\(commit)")
        let outcome = WriteOutcome(
            plan: DocumentPlan(writes, on: old, now: .now), snapshot: new,
            isDryRun: false, commit: commit)
        return call.answer(outcome.json, headers: outcome.fields)
    }

    private func bulk(_ call: NativeCall) async throws -> ([DocumentWrite], WriteRequest) {
        var reader = BodyReader(try await call.body())
        var request = try WriteRequest(call)
        if reader.has("author") { request.author = try reader.author(for: call.context.caller) }
        if let message = try reader.text("message"), !message.isEmpty { request.message = message }
        guard let changes = try reader.array("changes"), !changes.isEmpty else {
            throw reader.invalid("changes", "Must be a list of at least one change.")
        }
        guard changes.count <= Self.bulkLimit else {
            throw reader.invalid("changes", "Must be at most \(Self.bulkLimit) changes.")
        }
        try reader.finish()
        return (try DocumentWrite.all(changes, at: "/changes"), request)
    }

    /// Devices that are gone have no last contact.
    private func forgetSignals(of plan: DocumentPlan) {
        for step in plan.steps where step.action == .delete && step.key.collection == .devices {
            services.signals.remove(step.key.id)
        }
    }
}

extension DocumentWrite {
    /// Reads all changes of a body; every one that makes no sense is named.
    static func all(
        _ values: [JSONValue], at place: String
    ) throws(NativeError) -> [DocumentWrite] {
        var writes: [DocumentWrite] = []
        var errors: [NativeError.Misread] = []
        writes.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            do throws(NativeError) {
                writes.append(try DocumentWrite(value, at: "\(place)/\(index)"))
            } catch {
                errors.append(NativeError.Misread(index: index, reason: error.explanation))
            }
        }
        guard errors.isEmpty else { throw .misread(errors) }
        return writes
    }

    /// Reads `{"collection", "uid"}` with one of `document`, `text`, `patch`, `json_patch` and
    /// `remove`, and perhaps `if_match` or `if_none_match`.
    init(_ value: JSONValue, at place: String) throws(NativeError) {
        guard let object = value.object else { throw .invalid(place, "Must be an object.") }
        var reader = BodyReader(object, at: place)
        guard let name = try reader.text("collection"),
            let collection = DocumentKind.all.map(\.collection).first(where: { $0.name == name })
        else {
            let names = DocumentKind.all.map(\.collection.name).joined(separator: ", ")
            throw reader.invalid("collection", "Must be one of \(names).")
        }
        guard let id = try reader.text("uid").flatMap({ DocumentID($0) }) else {
            throw reader.invalid("uid", "Must be the uid of a document.")
        }
        let expectation = try reader.expectation()
        let work = try reader.work(place)
        try reader.finish()
        self.init(DocumentKey(collection, id), work, expecting: expectation)
    }
}

extension BodyReader {
    fileprivate mutating func work(_ place: String) throws(NativeError) -> DocumentWrite.Work {
        var found: [DocumentWrite.Work] = []
        if let document = value("document") { found.append(.replace(.data(document))) }
        if let text = try text("text") { found.append(.replace(.bytes(Array(text.utf8)))) }
        if let patch = value("patch") { found.append(.mergePatch(patch)) }
        if let patch = value("json_patch") {
            do throws(JSONPatchError) {
                found.append(.patch(try JSONPatch(patch)))
            } catch {
                throw invalid("json_patch", error.description)
            }
        }
        if try bool("remove") == true { found.append(.remove) }
        guard let work = found.first, found.count == 1 else {
            throw .invalid(
                place, "Must hold one of document, text, patch, json_patch and remove: true.")
        }
        return work
    }

    /// `"if_match": "<etag>"` or `"*"`, or `"if_none_match": "*"`.
    fileprivate mutating func expectation() throws(NativeError) -> DocumentWrite.Expectation {
        let match = try text("if_match")
        let noneMatch = try text("if_none_match")
        switch (match, noneMatch) {
        case (nil, nil): return .any
        case (nil, "*"?): return .absent
        case (nil, _): throw invalid("if_none_match", "Must be *: there is no such document yet.")
        case (_, _?): throw invalid("if_match", "Goes without if_none_match.")
        case ("*"?, nil): return .present
        case (let tag?, nil):
            guard let blob = Revision(hex: tag.filter { $0 != "\"" }) else {
                throw invalid("if_match", "Must be the etag of a version, or *.")
            }
            return .blob(blob)
        }
    }
}
