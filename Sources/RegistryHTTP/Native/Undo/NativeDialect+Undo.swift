import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET deleted`: what was removed and is gone, newest first.
    func listDeleted(_ call: NativeCall) async throws -> Response {
        let query = call.path.query
        let limit = Int(query.last(of: "limit") ?? "20")
        guard let limit, (1...100).contains(limit) else {
            throw NativeError.invalid("limit", "Must be a number from 1 to 100.")
        }
        let name = query.last(of: "collection")
        let collection = DocumentKind.all.map(\.collection).first { $0.name == name }
        guard name == nil || collection != nil else {
            throw NativeError.invalid("collection", "There is no collection of this name.")
        }
        let found = try await services.store.deleted(
            in: collection, after: query.last(of: "cursor"), limit: limit)
        var headers: HTTPFields = [:]
        if let next = found.next {
            var parts = ["limit=\(limit)", "cursor=\(percentEncoded(next))"]
            if let name { parts.append("collection=\(percentEncoded(name))") }
            let link = call.location("deleted?" + parts.joined(separator: "&"))
            headers[.link] = "<\(link)>; rel=\"next\""
        }
        return call.answer(found.json, headers: headers)
    }

    /// `POST documents/<collection>/<uid>/restore`: `{"at": "2026-01-31T12:00:00Z"}`.
    func restoreDocument(_ call: NativeCall) async throws -> Response {
        let names = DocumentKind.all.map(\.collection)
        guard let collection = names.first(where: { $0.name == call.values["collection"] }),
            let id = DocumentID(call.values["uid"] ?? "")
        else { throw RegistryError.unknownRevision(call.path.raw) }
        var reader = BodyReader(try await call.body())
        let at = try reader.text("at")
        return try await undo(.restore(DocumentKey(collection, id), at: at), &reader, call)
    }

    /// `POST revert`: `{"commit"}`, or `{"from", "to"}`.
    func revert(_ call: NativeCall) async throws -> Response {
        var reader = BodyReader(try await call.body())
        let commit = try reader.text("commit")
        let from = try reader.text("from")
        let to = try reader.text("to")
        switch (commit, from) {
        case (let commit?, nil) where to == nil:
            return try await undo(.revert(commit: commit), &reader, call)
        case (nil, let from?):
            return try await undo(.revertRange(from: from, to: to ?? "HEAD"), &reader, call)
        default:
            throw NativeError.invalid("", "Name either commit, or from and to.")
        }
    }

    private func undo(
        _ subject: UndoRequest.Subject, _ reader: inout BodyReader, _ call: NativeCall
    ) async throws -> Response {
        let author = try reader.author(for: call.context.caller)
        let message = try reader.text("message") ?? call.request.headers.commitMessage
        let tag = try reader.text("tag")
        let takesNeeded = try reader.bool("needed") ?? false
        let choices = try choices(try reader.array("choices") ?? [])
        try reader.finish()
        let request = UndoRequest(subject, takesNeeded: takesNeeded, choices: choices)
        if try call.isDryRun {
            try call.context.require(.readEverything)
            let preview = try await services.store.preview(of: request)
            return call.answer(
                preview.json, headers: [.eTag: EntityTag(preview.tag).description])
        }
        let done = try await services.store.undo(
            request, seen: tag ?? call.seenTag, by: author,
            body: message?.isEmpty == true ? nil : message,
            trailers: call.trailers,
            judge: call.context.judge(.write, hasMessage: message?.isEmpty == false))
        var headers: HTTPFields = [:]
        let commit = done.commit ?? services.store.index.committed.commit
        if let commit { headers[.registryCommit] = "\(commit)" }
        return call.answer(done.json, headers: headers)
    }
}

extension NativeCall {
    /// The tag in `If-Match`; nil for `*` and none.
    fileprivate var seenTag: String? {
        EntityTagList(request.headers[values: .ifMatch]).tags.first?.value
    }
}

extension HTTPField.Name {
    /// Which history the answer is from; another one after a purge.
    static let registryGeneration = knownName("Registry-Generation")
    /// RFC 8288.
    static let link = knownName("Link")
}
